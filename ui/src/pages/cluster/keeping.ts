import { formatMilliseconds, parseIsoDuration } from "@/format/duration";

/** What is offered; others are typed. "": for ever */
export const KEPT = ["P7D", "P30D", "P90D", "P365D", ""] as const;

/** Whole days as days, for a person: 30, not "30d 0h". */
export function daysOf(duration: string): number | undefined {
  const ms = parseIsoDuration(duration);
  return ms !== undefined && ms > 0 && ms % 86_400_000 === 0 ? ms / 86_400_000 : undefined;
}

export function lengthOf(duration: string): string {
  const ms = parseIsoDuration(duration);
  return ms === undefined ? duration : formatMilliseconds(ms);
}
