import { defineStore } from "pinia";
import { computed, ref, watch, type WritableComputedRef } from "vue";
import type { Level } from "@/api/logs";
import type { TimeStyle } from "@/format/time";

export type Theme = "light" | "dark" | "syncWithSystem";
export type TimeForm = "relative" | "absolute";

export const EXECUTION_TABS = ["overview", "gantt", "logs", "topology", "outputs"] as const;
export const FLOW_TABS = ["overview", "topology", "executions", "edit", "triggers", "logs"] as const;
export const FONT_SIZES = ["11", "12", "13", "14", "16", "18"] as const;

/** One choice: what it is without a choice, and what it may be. */
interface Choice {
  value: WritableComputedRef<string>;
  fallback: string;
  allowed: (value: string) => boolean;
}

/** Kept in this browser, under the names that people's earlier page used, so that their choices are taken over. */
function stored(key: string, fallback: string, allowed: (value: string) => boolean): Choice {
  let initial = fallback;
  try {
    const value = localStorage.getItem(key);
    if (value !== null && allowed(value)) initial = value;
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
  return { value: computed({ get: () => value.value, set: (now) => (value.value = now) }), fallback, allowed };
}

const oneOf =
  (...words: readonly string[]) =>
  (value: string) =>
    words.includes(value);

export const usePreferences = defineStore("preferences", () => {
  const choices = new Map<string, Choice>();
  /** How this browser's window is arranged, which is no matter of the person: these stay here. */
  const ofBrowser = new Set(["pageSize", "editorSide", "filterForm", "menu"]);

  function choice<T extends string>(name: string, key: string, fallback: T, allowed: (value: string) => boolean): WritableComputedRef<T> {
    const made = stored(key, fallback, allowed);
    choices.set(name, made);
    return made.value as unknown as WritableComputedRef<T>;
  }

  const theme = choice<Theme>("theme", "theme", "syncWithSystem", oneOf("light", "dark", "syncWithSystem"));
  const language = choice<string>("language", "lang", navigator.language.startsWith("de") ? "de" : "en", oneOf("en", "de"));
  const timeForm = choice<TimeForm>("timeForm", "timeForm", "relative", oneOf("relative", "absolute"));
  const timeZone = choice<string>("timeZone", "timezone", "browser", isTimeZone);
  const logLevel = choice<Level>("logLevel", "defaultLogLevel", "INFO", oneOf("TRACE", "DEBUG", "INFO", "WARN", "ERROR"));
  const defaultNamespace = choice<string>("defaultNamespace", "defaultNamespace", "", (value) => /^[\w.-]*$/.test(value));
  const executionTab = choice<(typeof EXECUTION_TABS)[number]>("executionTab", "executeDefaultTab", "gantt", oneOf(...EXECUTION_TABS));
  const flowTab = choice<(typeof FLOW_TABS)[number]>("flowTab", "flowDefaultTab", "overview", oneOf(...FLOW_TABS));
  const executeIn = choice<"same tab" | "new tab">("executeIn", "executeFlowBehaviour", "same tab", oneOf("same tab", "new tab"));
  const editorFontSize = choice<string>("editorFontSize", "editorFontSize", "13", oneOf(...FONT_SIZES));
  const shortcuts = choice<"on" | "off">("shortcuts", "shortcuts", "on", oneOf("on", "off"));
  const pageSize = choice<string>("pageSize", "paginationSize", "25", oneOf("10", "25", "50", "100"));
  const editorSide = choice<"none" | "topology" | "docs" | "form">("editorSide", "editorSide", "none", oneOf("none", "topology", "docs", "form"));
  const filterForm = choice<"controls" | "text">("filterForm", "filterForm", "controls", oneOf("controls", "text"));
  const menu = choice<"open" | "narrow">("menu", "menu", "open", oneOf("open", "narrow"));

  /** What goes with the person, by name. */
  function personal(): Record<string, string> {
    return Object.fromEntries([...choices].filter(([name]) => !ofBrowser.has(name)).map(([name, { value }]) => [name, value.value]));
  }

  /** Takes over what fits; a later page may have kept more. */
  function take(values: Record<string, unknown>): void {
    for (const [name, { value, allowed }] of choices) {
      const wanted = values[name];
      if (!ofBrowser.has(name) && typeof wanted === "string" && allowed(wanted)) value.value = wanted;
    }
  }

  function choose(name: string, wanted: string): void {
    const one = choices.get(name);
    if (one?.allowed(wanted) === true) one.value.value = wanted;
  }

  const isDefault = (name: string) => choices.get(name)?.value.value === choices.get(name)?.fallback;
  function reset(name: string): void {
    const one = choices.get(name);
    if (one !== undefined) one.value.value = one.fallback;
  }

  const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");
  const systemIsDark = ref(prefersDark.matches);
  prefersDark.addEventListener("change", (event) => (systemIsDark.value = event.matches));

  const isDark = computed(() => theme.value === "dark" || (theme.value === "syncWithSystem" && systemIsDark.value));
  const timeStyle = computed<TimeStyle>(() => ({
    language: language.value === "de" ? "de-DE" : "en-GB",
    timeZone: timeZone.value === "browser" ? undefined : timeZone.value,
  }));

  watch(isDark, (dark) => (document.documentElement.dataset.theme = dark ? "dark" : "light"), { immediate: true });
  return {
    theme,
    language,
    timeForm,
    timeZone,
    logLevel,
    defaultNamespace,
    executionTab,
    flowTab,
    executeIn,
    editorFontSize,
    shortcuts,
    pageSize,
    editorSide,
    filterForm,
    menu,
    isDark,
    timeStyle,
    personal,
    take,
    choose,
    isDefault,
    reset,
  };
});

/** A zone that this browser does not know would break every time that is shown. */
function isTimeZone(value: string): boolean {
  if (value === "browser") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
