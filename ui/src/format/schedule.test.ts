import { expect, it } from "vitest";
import { scheduleInWords } from "@/format/schedule";

it.each([
  ["*/5 * * * *", "every 5 minutes"],
  ["* * * * *", "every minute"],
  ["15 * * * *", "every hour at :15"],
  ["0 6 * * *", "every day at 06:00"],
  ["0 4 * * 1", "Monday at 04:00"],
  ["30 18 * * MON-FRI", "Monday to Friday at 18:30"],
  ["0 9 * * 0,6", "Sunday and Saturday at 09:00"],
  ["0 9 * * 7", "Sunday at 09:00"],
  ["5 0 1 * *", "day 1 of each month at 00:05"],
])("%s: %s", (cron, words) => expect(scheduleInWords(cron, "en-GB")).toBe(words));

it.each(["0 0 1 1 *", "0 6 1 * 1", "0 */2 * * *", "0 9-17 * * *", "@daily", "0 0 6 * * *", "0 9 * * MON#2", "PT1H", "0 9 L * *", ""])(
  "%s stays as it is",
  (cron) => expect(scheduleInWords(cron, "en-GB")).toBeUndefined(),
);
