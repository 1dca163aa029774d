import type { RouteLocationRaw } from "vue-router";
import type { Attention } from "@/api/board";

/** Something that a person should look at. */
export interface Matter {
  kind: "stranded" | "lost" | "failing" | "recovered" | "parked" | "overdue" | "stopped" | "broken" | "paused" | "queued";
  key: string;
  /** What it is about: a flow, a trigger, a process. */
  name: string;
  count: number;
  at: Date;
  /** What it said itself: an error. */
  detail?: string;
  to: RouteLocationRaw;
}

const within = (namespace: string, flowId: string, states: string) => ({
  name: "flow",
  params: { namespace, id: flowId, tab: "executions" },
  query: { "filters[state][IN]": states },
});
const execution = (namespace: string, flowId: string, id: string) => ({ name: "execution", params: { namespace, flowId, id } });
const triggers = (namespace: string, flowId: string) => ({ name: "flow", params: { namespace, id: flowId, tab: "triggers" } });

/** Gravest first: nothing runs; what failed and did not recover; what will not happen; what waits for somebody. */
export function whatNeedsAttention(found: Attention): Matter[] {
  const failing = found.failing.map(
    (one): Matter => ({
      kind: one.lastState === "FAILED" ? "failing" : "recovered",
      key: `failing ${one.namespace}.${one.flowId}`,
      name: `${one.namespace}.${one.flowId}`,
      count: one.failed,
      at: one.endedAt,
      detail: one.message,
      to: execution(one.namespace, one.flowId, one.executionId),
    }),
  );
  return [
    ...found.stranded.map(
      (one): Matter => ({
        kind: "stranded",
        key: `stranded ${one.what} ${one.workerGroup}`,
        name: one.what === "executor" ? "executor" : one.workerGroup,
        count: one.waiting,
        at: one.since,
        to: { name: "cluster" },
      }),
    ),
    ...found.lost.map(
      (one): Matter => ({ kind: "lost", key: `lost ${one.serviceId}`, name: `${one.roles} · ${one.host}`, count: 1, at: one.since, to: { name: "services" } }),
    ),
    ...failing.filter((one) => one.kind === "failing"),
    ...found.parked.map(
      (one): Matter => ({
        kind: "parked",
        key: `parked ${one.id}`,
        name: one.namespace === undefined ? "" : `${one.namespace}.${one.flowId ?? ""}`,
        count: 1,
        at: one.since,
        detail: one.error,
        to: { name: "cluster", params: { tab: "parked" } },
      }),
    ),
    ...found.overdue.map(
      (one): Matter => ({
        kind: "overdue",
        key: `overdue ${one.namespace}.${one.flowId}.${one.triggerId}`,
        name: `${one.namespace}.${one.flowId} · ${one.triggerId}`,
        count: 1,
        at: one.dueAt,
        to: triggers(one.namespace, one.flowId),
      }),
    ),
    ...found.troubled.map(
      (one): Matter => ({
        kind: one.disabled ? "stopped" : "broken",
        key: `troubled ${one.namespace}.${one.flowId}.${one.triggerId}`,
        name: `${one.namespace}.${one.flowId} · ${one.triggerId}`,
        count: 1,
        at: one.since,
        detail: one.reason,
        to: triggers(one.namespace, one.flowId),
      }),
    ),
    ...found.paused.map(
      (one): Matter => ({
        kind: "paused",
        key: `paused ${one.executionId}`,
        name: `${one.namespace}.${one.flowId}`,
        count: 1,
        at: one.since,
        to: execution(one.namespace, one.flowId, one.executionId),
      }),
    ),
    ...found.queued.map(
      (one): Matter => ({
        kind: "queued",
        key: `queued ${one.namespace}.${one.flowId}`,
        name: `${one.namespace}.${one.flowId}`,
        count: one.waiting,
        at: one.since,
        to: within(one.namespace, one.flowId, "QUEUED"),
      }),
    ),
    ...failing.filter((one) => one.kind === "recovered"),
  ];
}
