import { API, getJson } from "@/api/http";
import { toState, type State } from "@/api/states";
import type { WireBoard, WireBoardMoment } from "@/api/wireBoard";

/** Durations that half, and nearly all, of the executions that ended well did not exceed. */
export interface Quantiles {
  p50: number | undefined;
  p95: number | undefined;
}

export interface Numbers {
  counts: Map<State, number>;
  total: number;
  durationsMs: Quantiles;
}

export interface BoardPoint extends Numbers {
  at: Date;
  /** Where the next one begins. */
  until: Date;
}

export interface FlowNumbers {
  namespace: string;
  flowId: string;
  executions: number;
  failed: number;
  averageMs: number | undefined;
}

export interface FlowPlace {
  namespace: string;
  flowId: string;
}

export interface Attention {
  failing: (FlowPlace & { failed: number; executionId: string; endedAt: Date; message: string | undefined; lastState: State })[];
  paused: (FlowPlace & { executionId: string; since: Date })[];
  queued: (FlowPlace & { waiting: number; since: Date })[];
  parked: { id: number; namespace: string | undefined; flowId: string | undefined; error: string; since: Date }[];
  overdue: (FlowPlace & { triggerId: string; dueAt: Date })[];
  troubled: (FlowPlace & { triggerId: string; disabled: boolean; reason: string; since: Date })[];
  stranded: { what: "worker" | "executor"; workerGroup: string; waiting: number; since: Date }[];
  lost: { serviceId: string; roles: string; state: string; host: string; since: Date }[];
}

export interface Board extends Numbers {
  from: Date;
  until: Date;
  unit: "hour" | "day";
  points: BoardPoint[];
  before: Numbers;
  now: Map<State, number>;
  flows: FlowNumbers[];
  next: (FlowPlace & { triggerId: string; at: Date })[];
  attention: Attention;
  flowCount: number;
  triggerCount: number;
}

export interface BoardQuestion {
  namespace?: string;
  flowId?: string;
  timeRange: string;
  timeZone: string;
}

const inMs = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);

function toCounts(wire: Record<string, number>): Map<State, number> {
  const counts = new Map<State, number>();
  for (const [word, count] of Object.entries(wire)) counts.set(toState(word), (counts.get(toState(word)) ?? 0) + count);
  return counts;
}

function toNumbers(wire: WireBoardMoment): Numbers {
  return { counts: toCounts(wire.counts), total: wire.total, durationsMs: { p50: inMs(wire.durations.p50), p95: inMs(wire.durations.p95) } };
}

export function toBoard(wire: WireBoard): Board {
  const until = new Date(wire.until);
  const { attention } = wire;
  return {
    ...toNumbers(wire),
    from: new Date(wire.from),
    until,
    unit: wire.unit,
    points: wire.series.map((point, index) => ({ ...toNumbers(point), at: new Date(point.at), until: new Date(wire.series[index + 1]?.at ?? until) })),
    before: toNumbers(wire.before),
    now: toCounts(wire.now),
    flows: wire.flows.map(({ averageSeconds, ...flow }) => ({ ...flow, averageMs: inMs(averageSeconds) })),
    next: wire.next.map((fire) => ({ ...fire, at: new Date(fire.at) })),
    attention: {
      failing: attention.failing.map((one) => ({ ...one, message: one.message, endedAt: new Date(one.endedAt), lastState: toState(one.lastState) })),
      paused: attention.paused.map((one) => ({ ...one, since: new Date(one.since) })),
      queued: attention.queued.map((one) => ({ ...one, since: new Date(one.since) })),
      parked: attention.parked.map((one) => ({ ...one, namespace: one.namespace, flowId: one.flowId, since: new Date(one.since) })),
      overdue: attention.overdue.map((one) => ({ ...one, dueAt: new Date(one.dueAt) })),
      troubled: attention.troubled.map((one) => ({ ...one, since: new Date(one.since) })),
      stranded: attention.stranded.map((one) => ({ ...one, since: new Date(one.since) })),
      lost: attention.lost.map((one) => ({ ...one, since: new Date(one.since) })),
    },
    flowCount: wire.summary.flows,
    triggerCount: wire.summary.triggers,
  };
}

export async function getBoard(question: BoardQuestion, signal?: AbortSignal): Promise<Board> {
  return toBoard(await getJson<WireBoard>(`${API}/board`, { ...question }, signal));
}
