import { optionalDate } from "@/api/convert";
import { API, getJson, sendJson } from "@/api/http";
import { toState, type State } from "@/api/states";
import type { WireClaim, WireClusterOverview, WireConcurrencyLimit, WireFinding, WireParkedEvent, WireRefused, WireWorkerGroup } from "@/api/wire";

/** Where a task run belongs; what was deleted meanwhile has no names any more. */
export interface TaskRunPlace {
  executionId: string;
  taskRunId: string;
  namespace: string | undefined;
  flowId: string | undefined;
  taskId: string | undefined;
}

export interface Queue {
  queue: string;
  group: string;
  depth: number;
  oldestMs: number | undefined;
}

export interface ClusterOverview {
  queues: Queue[];
  leaders: { role: string; serviceId: string; host: string | undefined; term: number; since: Date; alive: boolean }[];
  overdue: { namespace: string; flowId: string; triggerId: string; dueAt: Date }[];
  stuck: { what: string; id: string | undefined; why: string; since: Date }[];
  repairs: { invariant: string; repaired: number; at: Date | undefined; lastId: string | undefined }[];
  refused: number;
}

export interface ParkedEvent {
  id: number;
  executionId: string | undefined;
  namespace: string | undefined;
  flowId: string | undefined;
  kind: string;
  error: string;
  parkedAt: Date;
}

export interface Claim extends TaskRunPlace {
  worker: string;
  group: string;
  claimedAt: Date;
  cancelled: boolean;
  workerIsAlive: boolean;
}

export interface Refused extends TaskRunPlace {
  epoch: number;
  worker: string;
  state: State;
  at: Date;
}

export interface Finding {
  check: string;
  severity: "OK" | "WARNING" | "ERROR";
  finding: string;
  remedy: string | undefined;
}

export interface ConcurrencyLimit {
  namespace: string;
  flowId: string;
  limit: number;
  behavior: string;
  running: number;
  queued: number;
}

/** A piece of a long list, and what asks for the next one. */
export interface Piece<T, Next> {
  rows: T[];
  next: Next | undefined;
}

export async function getClusterOverview(signal?: AbortSignal): Promise<ClusterOverview> {
  const wire = await getJson<WireClusterOverview>(`${API}/cluster/overview`, undefined, signal);
  return {
    queues: wire.queues.map((one) => ({
      queue: one.queue,
      group: one.workerGroup ?? "",
      depth: one.depth,
      oldestMs: one.oldestSeconds === undefined ? undefined : one.oldestSeconds * 1000,
    })),
    leaders: wire.leaders.map((one) => ({
      role: one.role,
      serviceId: one.serviceId,
      host: one.host,
      term: one.epoch,
      since: new Date(one.since),
      alive: one.alive,
    })),
    overdue: wire.overdue.map((one) => ({ ...one, dueAt: new Date(one.dueAt) })),
    stuck: wire.stuck.map((one) => ({ what: one.what, id: one.id, why: one.why, since: new Date(one.since) })),
    repairs: wire.repairs.map((one) => ({ invariant: one.invariant, repaired: one.repaired, at: optionalDate(one.repairedAt), lastId: one.lastId })),
    refused: wire.refused,
  };
}

export interface WorkerGroup extends Omit<WireWorkerGroup, "workerGroup" | "oldestSeconds"> {
  /** Empty: of workers that name none. */
  name: string;
  oldestMs: number | undefined;
}

export async function getWorkerGroups(signal?: AbortSignal): Promise<WorkerGroup[]> {
  const { results } = await getJson<{ results: WireWorkerGroup[] }>(`${API}/cluster/worker-groups`, undefined, signal);
  return results.map(({ workerGroup, oldestSeconds, ...rest }) => ({
    ...rest,
    name: workerGroup,
    oldestMs: oldestSeconds === undefined ? undefined : oldestSeconds * 1000,
  }));
}

export function toParkedEvent(wire: WireParkedEvent): ParkedEvent {
  return {
    id: wire.id,
    executionId: wire.executionId,
    namespace: wire.namespace,
    flowId: wire.flowId,
    kind: wire.kind ?? "",
    error: wire.error,
    parkedAt: new Date(wire.parkedAt),
  };
}

export async function getParked(signal?: AbortSignal): Promise<{ rows: ParkedEvent[]; total: number }> {
  const wire = await getJson<{ results: WireParkedEvent[]; total: number }>(`${API}/cluster/parked`, undefined, signal);
  return { rows: wire.results.map(toParkedEvent), total: wire.total };
}

export async function retryParked(id: number): Promise<void> {
  await sendJson("POST", `${API}/cluster/parked/${id}/retry`);
}

export async function dropParked(id: number): Promise<void> {
  await sendJson("DELETE", `${API}/cluster/parked/${id}`);
}

function toPlace(wire: WireClaim | WireRefused): TaskRunPlace {
  return { executionId: wire.executionId, taskRunId: wire.taskRunId, namespace: wire.namespace, flowId: wire.flowId, taskId: wire.taskId };
}

export interface AfterClaim {
  after: string;
  cursor: string;
}

export async function getClaims(after: AfterClaim | undefined, signal?: AbortSignal): Promise<Piece<Claim, AfterClaim>> {
  const wire = await getJson<{ results: WireClaim[]; nextAfter?: string; nextCursor?: string }>(`${API}/cluster/claims`, { ...after }, signal);
  return {
    rows: wire.results.map((one) => ({
      ...toPlace(one),
      worker: one.host ?? one.workerId,
      group: one.workerGroup ?? "",
      claimedAt: new Date(one.claimedAt),
      cancelled: one.cancelled,
      workerIsAlive: one.workerIsAlive,
    })),
    next: wire.nextAfter === undefined || wire.nextCursor === undefined ? undefined : { after: wire.nextAfter, cursor: wire.nextCursor },
  };
}

export async function getRefused(before: number | undefined, signal?: AbortSignal): Promise<Piece<Refused, number>> {
  const wire = await getJson<{ results: WireRefused[]; nextBefore?: number }>(`${API}/cluster/refused`, { before }, signal);
  return {
    rows: wire.results.map((one) => ({ ...toPlace(one), epoch: one.epoch, worker: one.workerId, state: toState(one.state), at: new Date(one.refusedAt) })),
    next: wire.nextBefore,
  };
}

export async function examine(signal?: AbortSignal): Promise<Finding[]> {
  return (await getJson<{ findings: WireFinding[] }>(`${API}/cluster/doctor`, undefined, signal)).findings.map((one) => ({ ...one, remedy: one.remedy }));
}

export async function getConcurrencyLimits(signal?: AbortSignal): Promise<ConcurrencyLimit[]> {
  return (await getJson<{ results: WireConcurrencyLimit[] }>(`${API}/concurrency-limit/search`, undefined, signal)).results;
}
