import { expect, test } from "vitest";
import { formatClock, formatDateTime, formatRelative } from "@/format/time";

const style = { language: "en-GB", timeZone: "UTC" };
const now = new Date("2026-11-24T10:00:00Z");
const ago = (seconds: number) => formatRelative(new Date(now.getTime() - seconds * 1000), now, style);

test("times are told in the largest unit that fits", () => {
  expect([2, 40, 200, 7300, 90_000].map(ago)).toEqual(["now", "40 seconds ago", "3 minutes ago", "2 hours ago", "yesterday"]);
  expect(ago(-200)).toBe("in 3 minutes");
});

test("a date is written in the wanted zone", () => {
  expect(formatDateTime(new Date("2026-03-29T00:30:00Z"), { language: "en-GB", timeZone: "America/New_York" })).toBe("28 Mar 2026, 20:30:00");
});

test("log lines have milliseconds", () => expect(formatClock(new Date("2026-11-24T10:00:00.042Z"), style)).toBe("10:00:00.042"));
