import { afterEach, expect, test } from "vitest";
import { speak, t } from "@/i18n";

afterEach(() => speak("en"));

test("numbers choose the plural form and get separators", () => {
  expect(t("flows.count", { count: 1 })).toBe("1 flow");
  expect(t("flows.count", { count: 1204 })).toBe("1,204 flows");
});

test("what a language lacks comes in English", async () => {
  await speak("de");
  expect(t("common.save")).toBe("Speichern");
  expect(t("gantt.foldAll")).toBe("Fold all");
  expect(document.documentElement.lang).toBe("de");
});
