import { t } from "@/i18n";

const DAYS: Record<string, number> = { sun: 0, mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6 };
/** A Sunday: the days after it have the numbers of cron. */
const SUNDAY = Date.UTC(2023, 0, 1);

function dayName(word: string, language: string): string | undefined {
  const number = /^[0-7]$/.test(word) ? Number(word) % 7 : DAYS[word.toLowerCase()];
  if (number === undefined) return undefined;
  return new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(SUNDAY + number * 86_400_000);
}

function dayNames(field: string, language: string): string | undefined {
  const [from, to, ...rest] = field.split("-");
  if (to !== undefined && rest.length === 0) {
    const [first, last] = [dayName(from ?? "", language), dayName(to, language)];
    return first === undefined || last === undefined ? undefined : t("schedule.span", { first, last });
  }
  const names = field.split(",").map((word) => dayName(word, language));
  return names.includes(undefined) ? undefined : new Intl.ListFormat(language, { type: "conjunction" }).format(names as string[]);
}

const isNumber = (field: string): boolean => /^\d{1,2}$/.test(field);
const two = (field: string): string => field.padStart(2, "0");

/** The usual schedules in words; undefined where a person reads the expression more easily than its words. */
export function scheduleInWords(cron: string, language: string): string | undefined {
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...rest] = cron.trim().split(/\s+/);
  if (rest.length > 0 || weekday === "" || month !== "*") return undefined;
  const everyDay = day === "*" && weekday === "*";
  const step = /^\*\/(\d{1,2})$/.exec(minute)?.[1];
  if (everyDay && hour === "*" && (minute === "*" || step !== undefined)) return t("schedule.minutes", { count: Number(step ?? 1) });
  if (!isNumber(minute)) return undefined;
  if (everyDay && hour === "*") return t("schedule.hourly", { minute: two(minute) });
  if (!isNumber(hour)) return undefined;
  const time = `${two(hour)}:${two(minute)}`;
  if (everyDay) return t("schedule.daily", { time });
  if (day === "*") {
    const days = dayNames(weekday, language);
    return days === undefined ? undefined : t("schedule.weekly", { days, time });
  }
  return weekday === "*" && isNumber(day) ? t("schedule.monthly", { day: Number(day), time }) : undefined;
}
