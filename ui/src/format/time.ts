/** How people want to read times. */
export interface TimeStyle {
  language: string;
  /** undefined: the browser's zone. */
  timeZone: string | undefined;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(style: TimeStyle, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${kind}|${style.language}|${style.timeZone ?? ""}`;
  const known = formatters.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(style.language, { ...options, timeZone: style.timeZone });
  formatters.set(key, made);
  return made;
}

const FULL: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
};

export function formatDateTime(at: Date, style: TimeStyle): string {
  return formatter(style, "full", FULL).format(at);
}

/** With milliseconds: for log lines. */
export function formatClock(at: Date, style: TimeStyle): string {
  return formatter(style, "clock", { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hourCycle: "h23" }).format(at);
}

export function formatDay(at: Date, style: TimeStyle): string {
  return formatter(style, "day", { month: "short", day: "numeric" }).format(at);
}

/** "14:00": a mark below a bar. */
export function formatHour(at: Date, style: TimeStyle): string {
  return formatter(style, "hour", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

/** "3 minutes ago", "in 2 hours"; "just now" is left to Intl as "now". */
export function formatRelative(at: Date, now: Date, style: TimeStyle): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const relative = new Intl.RelativeTimeFormat(style.language, { numeric: "auto" });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return Math.abs(seconds) < 5 ? relative.format(0, "second") : relative.format(seconds, "second");
}

/** The time that a bar of a chart stands for, as fine as the bars are. */
export function formatBucket(at: Date, unit: "minute" | "hour" | "day" | "week" | "month", style: TimeStyle): string {
  const day = { day: "numeric", month: "short" } as const;
  const clock = { hour: "2-digit", minute: "2-digit" } as const;
  const form = unit === "month" ? ({ month: "short", year: "numeric" } as const) : unit === "minute" || unit === "hour" ? { ...day, ...clock } : day;
  return new Intl.DateTimeFormat(style.language, { ...form, timeZone: style.timeZone }).format(at);
}
