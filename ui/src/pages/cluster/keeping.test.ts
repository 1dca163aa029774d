import { expect, test } from "vitest";
import { daysOf, lengthOf } from "@/pages/cluster/keeping";

test.each([
  ["P30D", 30],
  ["PT720H", 30],
  ["PT36H", undefined],
  ["P1M", undefined],
  ["PT0S", undefined],
])("%s are %s days", (text, days) => expect(daysOf(text)).toBe(days));

test("what are no whole days is told as it is", () => {
  expect(lengthOf("PT36H")).toBe("1d 12h");
  expect(lengthOf("P1M")).toBe("P1M");
});
