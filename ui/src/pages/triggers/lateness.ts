import type { Trigger } from "@/api/triggers";

/** A trigger may be this much behind before anybody is told. */
const LATE_AFTER_MS = 60_000;

export function isLate(trigger: Trigger, now: Date): boolean {
  const { nextDate, disabled, executionId, evaluatingSince } = trigger;
  const waits = executionId !== undefined || evaluatingSince !== undefined;
  return nextDate !== undefined && !disabled && !waits && now.getTime() - nextDate.getTime() > LATE_AFTER_MS;
}
