import { expect, test } from "vitest";
import type { Service } from "@/api/services";
import type { Trigger } from "@/api/triggers";
import { isLate, whatNeedsAttention } from "@/pages/home/attention";
import { executionFactory, NOW } from "@/testing/executionFactory";

const nothing = { failed: [], paused: [], queued: 0, triggers: [], services: [] };
const trigger = (part: Partial<Trigger>): Trigger => ({
  namespace: "n",
  flowId: "f",
  id: "t",
  type: undefined,
  schedule: undefined,
  hasDates: true,
  disabledInSource: false,
  disabled: false,
  orphaned: false,
  lastDate: undefined,
  nextDate: new Date(NOW.getTime() - 120_000),
  executionId: undefined,
  evaluatingSince: undefined,
  backfill: undefined,
  ...part,
});
const service = (state: string): Service => ({
  id: state,
  roles: [],
  host: "h",
  pid: 1,
  version: "",
  state,
  slots: 1,
  running: 0,
  startedAt: NOW,
  heartbeatAt: NOW,
});

test("when all is well there is nothing", () => expect(whatNeedsAttention(nothing, NOW)).toEqual([]));

test("a flow that failed several times is one matter", () => {
  const [matter, ...others] = whatNeedsAttention({ ...nothing, failed: [executionFactory.failed({ id: "new" }), executionFactory.failed({ id: "old" })] }, NOW);
  expect(others).toEqual([]);
  expect(matter).toMatchObject({ kind: "failed", flowId: "report", count: 2, last: { id: "new" } });
});

test("a dead service comes first, one that was stopped does not count", () => {
  const kinds = whatNeedsAttention(
    { ...nothing, failed: [executionFactory.failed()], services: [service("RUNNING"), service("DEAD"), service("TERMINATED")] },
    NOW,
  ).map((matter) => matter.kind);
  expect(kinds).toEqual(["service", "failed"]);
});

test.each([
  ["over its date", {}, true],
  ["just now due", { nextDate: new Date(NOW.getTime() - 5000) }, false],
  ["disabled", { disabled: true }, false],
  ["waiting for its execution", { executionId: "x" }, false],
  ["without a date", { nextDate: undefined }, false],
])("a trigger that is %s", (_name, part, late) => expect(isLate(trigger(part), NOW)).toBe(late));
