import { expect, test } from "vitest";
import { isKey, problemOf, toBody, toField } from "@/pages/namespaces/kvText";

test("texts go out in quotes, all else bare, so that the server sees the type that was chosen", () => {
  expect(toBody("STRING", "2026-01-01")).toBe('"2026-01-01"');
  expect(toBody("DATE", " 2026-01-01 ")).toBe("2026-01-01");
  expect(toBody("NUMBER", "4.5")).toBe("4.5");
});

test("a value comes back into the field as it was written", () => {
  expect(toField({ type: "STRING", value: "a" })).toBe("a");
  expect(toField({ type: "BOOLEAN", value: true })).toBe("true");
  expect(toField({ type: "JSON", value: { a: 1 } })).toBe('{\n  "a": 1\n}');
});

test("what the server would refuse is told before", () => {
  expect(problemOf("STRING", "")).toBeUndefined();
  expect(problemOf("NUMBER", "4,5")).toBe("kv.badNumber");
  expect(problemOf("JSON", '"text"')).toBe("kv.badJson");
  expect(problemOf("JSON", "[1]")).toBeUndefined();
  expect(problemOf("DURATION", "5 minutes")).toBe("kv.badDuration");
  expect(problemOf("DATE", "2026-13-01")).toBe("kv.badDate");
  expect(problemOf("DATETIME", "2026-12-01T10:00:00Z")).toBeUndefined();
  expect(problemOf("BOOLEAN", "")).toBe("kv.needsValue");
});

test("a key begins with a letter or a digit", () => {
  expect(isKey("last.run_1")).toBe(true);
  expect(isKey(".hidden")).toBe(false);
  expect(isKey("two words")).toBe(false);
});
