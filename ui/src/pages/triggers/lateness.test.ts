import { expect, test } from "vitest";
import type { Trigger } from "@/api/triggers";
import { isLate } from "@/pages/triggers/lateness";
import { NOW } from "@/testing/executionFactory";

const trigger = (part: Partial<Trigger>): Trigger => ({
  namespace: "n",
  flowId: "f",
  id: "t",
  type: undefined,
  schedule: undefined,
  hasDates: true,
  disabledInSource: false,
  disabled: false,
  disabledBy: undefined,
  disabledSince: undefined,
  orphaned: false,
  lastDate: undefined,
  nextDate: new Date(NOW.getTime() - 120_000),
  executionId: undefined,
  evaluatingSince: undefined,
  backfill: undefined,
  ...part,
});

test.each([
  ["over its date", {}, true],
  ["just now due", { nextDate: new Date(NOW.getTime() - 5000) }, false],
  ["disabled", { disabled: true }, false],
  ["waiting for its execution", { executionId: "x" }, false],
  ["without a date", { nextDate: undefined }, false],
])("a trigger that is %s", (_name, part, late) => expect(isLate(trigger(part), NOW)).toBe(late));
