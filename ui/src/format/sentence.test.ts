import { expect, it } from "vitest";
import { sentence } from "@/format/sentence";

const style = { language: "en-GB", timeZone: "Europe/Berlin" };

it.each([
  ["the next date is 2026-12-01 05:00:00+00", "the next date is 1 Dec 2026, 06:00:00"],
  ["since 2026-12-01 03:13:19.814949+00, in 2026-12-01T10:00:00+05:30", "since 1 Dec 2026, 04:13:19, in 1 Dec 2026, 05:30:00"],
  ["Task compact runs on worker 0356uaCldsY3cOOMvYF223 (vm).", "Task compact runs on worker OMvYF223 (vm)."],
  ["partitions for the next P19DT20H; older than PT5M", "partitions for the next 19d 20h; older than 5m 00s"],
  ["sluice server worker --plugins FOLDER, PLAIN P", "sluice server worker --plugins FOLDER, PLAIN P"],
])("%s", (text, words) => expect(sentence(text, style)).toBe(words));
