import { API, getJson } from "@/api/http";
import { toState, type State } from "@/api/states";
import type { WireFlowConcurrency } from "@/api/wire";

export interface FlowConcurrency {
  limit: number | undefined;
  behavior: string;
  /** How many wait in all; `waiting` has the first of them. */
  queued: number;
  holders: { executionId: string; since: Date; state: State | undefined }[];
  waiting: { executionId: string; since: Date }[];
}

export async function flowConcurrency(namespace: string, id: string, signal?: AbortSignal): Promise<FlowConcurrency> {
  const wire = await getJson<WireFlowConcurrency>(`${API}/flows/${namespace}/${id}/concurrency`, undefined, signal);
  return {
    limit: wire.limit,
    behavior: wire.behavior ?? "QUEUE",
    queued: wire.queued,
    holders: wire.holders.map(({ executionId, since, state }) => ({
      executionId,
      since: new Date(since),
      state: state === undefined ? undefined : toState(state),
    })),
    waiting: wire.waiting.map(({ executionId, since }) => ({ executionId, since: new Date(since) })),
  };
}
