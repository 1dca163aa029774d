import { createPinia, setActivePinia } from "pinia";
import { beforeEach, expect, test, vi } from "vitest";
import { effectScope, nextTick } from "vue";
import * as personalTexts from "@/api/personalTexts";
import { useKeptSettings } from "@/composables/useKeptSettings";
import { usePreferences } from "@/stores/preferences";
import { useSession } from "@/stores/session";

let onServer: string | undefined;

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
  onServer = undefined;
  vi.useFakeTimers();
  vi.spyOn(personalTexts, "keptText").mockImplementation(async () => onServer);
  vi.spyOn(personalTexts, "keepText").mockImplementation(async (_kind, _name, text) => void (onServer = text));
  return () => vi.useRealTimers();
});

async function comeIn(user: string) {
  const session = useSession();
  session.instance = { version: "", environment: undefined, capabilities: undefined, user };
  session.state = "open";
  const scope = effectScope();
  scope.run(useKeptSettings);
  await vi.advanceTimersByTimeAsync(0);
  return () => scope.stop();
}

test("a choice is kept on the server, and found again by another browser", async () => {
  const leave = await comeIn("ada");
  usePreferences().timeZone = "Europe/Berlin";
  await nextTick();
  await vi.advanceTimersByTimeAsync(2000);
  expect(JSON.parse(onServer ?? "{}")).toEqual({ timeZone: "Europe/Berlin" });
  leave();

  localStorage.clear();
  setActivePinia(createPinia());
  expect(usePreferences().timeZone).toBe("browser");
  await comeIn("ada");
  expect(usePreferences().timeZone).toBe("Europe/Berlin");
  await vi.advanceTimersByTimeAsync(2000);
  expect(personalTexts.keepText).toHaveBeenCalledTimes(1);
});

test("what this page does not know, or cannot use, changes nothing", async () => {
  onServer = JSON.stringify({ theme: "purple", timeZone: "Moon/Crater", flowTab: "edit", pageSize: "50", hats: "3", logLevel: 7, menu: "narrow" });
  await comeIn("ada");
  const preferences = usePreferences();
  expect([preferences.theme, preferences.timeZone, preferences.flowTab, preferences.pageSize, preferences.logLevel, preferences.menu]).toEqual([
    "syncWithSystem",
    "browser",
    "edit",
    "25",
    "INFO",
    "open",
  ]);
});

test("where nobody is asked who he is, the browser alone keeps them", async () => {
  await comeIn("");
  usePreferences().theme = "dark";
  await vi.advanceTimersByTimeAsync(2000);
  expect(personalTexts.keepText).not.toHaveBeenCalled();
  expect(localStorage.getItem("theme")).toBe("dark");
});

test("a choice can be taken back", async () => {
  await comeIn("ada");
  const preferences = usePreferences();
  preferences.executionTab = "logs";
  expect(preferences.isDefault("executionTab")).toBe(false);
  preferences.reset("executionTab");
  expect([preferences.executionTab, preferences.isDefault("executionTab")]).toEqual(["gantt", true]);
});

test("only what somebody has changed is kept, beside what a later page has kept", async () => {
  onServer = JSON.stringify({ hats: "3", timeForm: "absolute" });
  localStorage.setItem("theme", "dark");
  setActivePinia(createPinia());
  await comeIn("ada");
  const preferences = usePreferences();
  expect([preferences.theme, preferences.timeForm]).toEqual(["dark", "absolute"]);
  preferences.reset("timeForm");
  await nextTick();
  await vi.advanceTimersByTimeAsync(2000);
  expect(JSON.parse(onServer)).toEqual({ hats: "3", timeForm: "relative" });
});
