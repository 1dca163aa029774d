import { expect, test } from "vitest";
import { axisStep, formatAxisMark, formatMilliseconds, parseIsoDuration } from "@/format/duration";

test.each([
  [-5, "0 ms"],
  [850, "850 ms"],
  [4200, "4.2 s"],
  [42_900, "42 s"],
  [64_000, "1m 04s"],
  [11_520_000, "3h 12m"],
  [190_800_000, "2d 5h"],
])("%i ms are read as %s", (ms, text) => expect(formatMilliseconds(ms)).toBe(text));

test.each([
  ["PT30M", 1_800_000],
  ["P1DT2H", 93_600_000],
  ["PT1.5S", 1500],
  ["P", undefined],
  ["PT", undefined],
  ["30", undefined],
])("the duration %s has %s ms", (text, ms) => expect(parseIsoDuration(text)).toBe(ms));

test("an axis gets round steps, and no more marks than wanted", () => {
  expect(axisStep(9_000, 5)).toBe(2000);
  expect(axisStep(100 * 86_400_000, 5)).toBe(20 * 86_400_000);
});

test("marks of an axis have no empty parts", () => {
  expect([0, 500, 2000, 120_000, 7_200_000].map(formatAxisMark)).toEqual(["0", "500 ms", "2 s", "2m", "2h"]);
});
