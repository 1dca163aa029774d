import { expect, test } from "vitest";
import { problemOf, progressOf } from "@/pages/triggers/backfill";

const at = (day: number) => new Date(Date.UTC(2026, 10, day));

test("progress is the part of the time that was run through", () => {
  expect(progressOf({ from: at(1), to: at(11), at: at(6), paused: false }, at(20))).toBe(0.5);
  expect(progressOf({ from: at(1), to: undefined, at: at(6), paused: false }, at(21))).toBe(0.25);
  expect(progressOf({ from: at(1), to: at(1), at: undefined, paused: true }, at(20))).toBe(1);
});

test("a backfill needs a first date, in the past and before the last one", () => {
  expect(problemOf(undefined, undefined, at(20))).toBe("missing");
  expect(problemOf(at(21), undefined, at(20))).toBe("order");
  expect(problemOf(at(5), at(4), at(20))).toBe("order");
  expect(problemOf(at(5), at(6), at(20))).toBeUndefined();
});
