import { afterEach, expect, test } from "vitest";
import { speak, t, type Text, type TextKey } from "@/i18n";
import { de } from "@/i18n/de";
import { en } from "@/i18n/en";

afterEach(() => speak("en"));

test("numbers choose the plural form and get separators", () => {
  expect(t("flows.count", { count: 1 })).toBe("1 flow");
  expect(t("flows.count", { count: 1204 })).toBe("1,204 flows");
});

test("each German text has the places of the English one", async () => {
  const places = (text: Text) => [...new Set(JSON.stringify(text).match(/\{\w+\}/g) ?? [])].sort();
  for (const key of Object.keys(en) as TextKey[]) expect(places(de[key] ?? ""), key).toEqual(places(en[key]));
});

test("a language is spoken until another one is chosen", async () => {
  await speak("de");
  expect(t("common.save")).toBe("Speichern");
  expect(t("gantt.foldAll")).toBe("Alle zuklappen");
  expect(document.documentElement.lang).toBe("de");
});
