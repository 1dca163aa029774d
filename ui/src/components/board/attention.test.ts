import { expect, test } from "vitest";
import type { Attention } from "@/api/board";
import { whatNeedsAttention } from "@/components/board/attention";

const AT = new Date("2026-11-30T10:00:00Z");
const place = { namespace: "company", flowId: "report" };
const nothing: Attention = { failing: [], paused: [], queued: [], parked: [], overdue: [], troubled: [], stranded: [], lost: [] };
const failure = { ...place, failed: 3, executionId: "e1", endedAt: AT, message: "no route to host", lastState: "FAILED" as const };

test("when all is well there is nothing", () => expect(whatNeedsAttention(nothing)).toEqual([]));

test("a failing flow is one matter, says what it said, and leads to its newest failure", () => {
  expect(whatNeedsAttention({ ...nothing, failing: [failure] })).toEqual([
    {
      kind: "failing",
      key: "failing company.report",
      name: "company.report",
      count: 3,
      at: AT,
      detail: "no route to host",
      to: { name: "execution", params: { ...place, id: "e1" } },
    },
  ]);
});

test("what nobody takes comes first, what has recovered last", () => {
  const found: Attention = {
    failing: [
      { ...failure, lastState: "SUCCESS" },
      { ...failure, flowId: "other" },
    ],
    paused: [{ ...place, executionId: "e2", since: AT }],
    queued: [{ ...place, waiting: 4, since: AT }],
    parked: [{ id: 7, namespace: undefined, flowId: undefined, error: "boom", since: AT }],
    overdue: [{ ...place, triggerId: "daily", dueAt: AT }],
    troubled: [
      { ...place, triggerId: "poll", disabled: false, reason: "refused", since: AT },
      { ...place, triggerId: "stop", disabled: true, reason: "stopAfter: …", since: AT },
    ],
    stranded: [{ what: "worker", workerGroup: "gpu", waiting: 12, since: AT }],
    lost: [{ serviceId: "s", roles: "worker", state: "DEAD", host: "h", since: AT }],
  };
  expect(whatNeedsAttention(found).map((matter) => matter.kind)).toEqual([
    "stranded",
    "lost",
    "failing",
    "parked",
    "overdue",
    "broken",
    "stopped",
    "paused",
    "queued",
    "recovered",
  ]);
});
