import { defineStore } from "pinia";
import { computed, ref, watch } from "vue";
import type { Level } from "@/api/logs";
import type { TimeStyle } from "@/format/time";

export type Theme = "light" | "dark" | "syncWithSystem";
export type TimeForm = "relative" | "absolute";

/** Kept in this browser, under the names that people's earlier page used, so that their choices are taken over. */
function stored<T extends string>(key: string, fallback: T, allowed: (value: string) => boolean = () => true) {
  let initial = fallback;
  try {
    const value = localStorage.getItem(key);
    if (value !== null && allowed(value)) initial = value as T;
  } catch {
    // storage is blocked: choices last as long as the page
  }
  const value = ref<string>(initial);
  watch(value, (now) => {
    try {
      localStorage.setItem(key, now);
    } catch {
      // as above
    }
  });
  return computed<T>({ get: () => value.value as T, set: (now) => (value.value = now) });
}

const oneOf =
  (...words: string[]) =>
  (value: string) =>
    words.includes(value);

export const usePreferences = defineStore("preferences", () => {
  const theme = stored<Theme>("theme", "syncWithSystem", oneOf("light", "dark", "syncWithSystem"));
  const language = stored<string>("lang", navigator.language.startsWith("de") ? "de" : "en", oneOf("en", "de"));
  const timeForm = stored<TimeForm>("timeForm", "relative", oneOf("relative", "absolute"));
  const timeZone = stored<string>("timezone", "browser");
  const logLevel = stored<Level>("defaultLogLevel", "INFO", oneOf("TRACE", "DEBUG", "INFO", "WARN", "ERROR"));
  const pageSize = stored<string>("paginationSize", "25", oneOf("10", "25", "50", "100"));
  const editorSide = stored<"none" | "topology" | "docs" | "form">("editorSide", "none", oneOf("none", "topology", "docs", "form"));
  const filterForm = stored<"controls" | "text">("filterForm", "controls", oneOf("controls", "text"));
  const menu = stored<"open" | "narrow">("menu", "open", oneOf("open", "narrow"));

  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const systemIsDark = ref(prefersDark.matches);
  prefersDark.addEventListener("change", (event) => (systemIsDark.value = event.matches));

  const isDark = computed(() => theme.value === "dark" || (theme.value === "syncWithSystem" && systemIsDark.value));
  const timeStyle = computed<TimeStyle>(() => ({
    language: language.value === "de" ? "de-DE" : "en-GB",
    timeZone: timeZone.value === "browser" ? undefined : timeZone.value,
  }));

  watch(isDark, (dark) => (document.documentElement.dataset.theme = dark ? "dark" : "light"), { immediate: true });
  return { theme, language, timeForm, timeZone, logLevel, pageSize, editorSide, filterForm, menu, isDark, timeStyle };
});
