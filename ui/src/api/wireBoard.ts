// What GET /board sends, as it sends it. Only board.ts may import it.

export interface WireBoardMoment {
  counts: Record<string, number>;
  total: number;
  durations: { p50?: number; p95?: number; p99?: number };
}

interface WirePlace {
  namespace: string;
  flowId: string;
}

export interface WireBoard extends WireBoardMoment {
  from: string;
  until: string;
  unit: "hour" | "day";
  series: (WireBoardMoment & { at: string })[];
  before: WireBoardMoment;
  now: Record<string, number>;
  flows: (WirePlace & { executions: number; failed: number; endedWell: number; averageSeconds?: number })[];
  next: (WirePlace & { triggerId: string; at: string })[];
  attention: {
    failing: (WirePlace & { failed: number; executionId: string; endedAt: string; taskId?: string; message?: string; lastState: string })[];
    paused: (WirePlace & { executionId: string; state: string; since: string })[];
    queued: (WirePlace & { waiting: number; since: string })[];
    parked: { id: number; executionId?: string; namespace?: string; flowId?: string; error: string; since: string }[];
    overdue: (WirePlace & { triggerId: string; dueAt: string })[];
    troubled: (WirePlace & { triggerId: string; disabled: boolean; reason: string; since: string })[];
    stranded: { what: "worker" | "executor"; workerGroup: string; waiting: number; since: string }[];
    lost: { serviceId: string; roles: string; state: string; host: string; since: string }[];
  };
  summary: { flows: number; triggers: number };
}
