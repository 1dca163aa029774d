import type { Trigger } from "@/api/triggers";

/** How much of the time that a backfill spans lies behind it: 0 to 1. */
export function progressOf(backfill: NonNullable<Trigger["backfill"]>, now: Date): number {
  const from = backfill.from.getTime();
  const length = (backfill.to ?? now).getTime() - from;
  if (length <= 0) return 1;
  return Math.min(1, Math.max(0, ((backfill.at?.getTime() ?? from) - from) / length));
}

/** What is wrong with the dates of a new backfill. */
export function problemOf(start: Date | undefined, end: Date | undefined, now: Date): "missing" | "order" | undefined {
  if (start === undefined) return "missing";
  return start >= (end ?? now) || start >= now ? "order" : undefined;
}
