import { API, getJson, sendJson } from "@/api/http";
import { toState, type State } from "@/api/states";

/** How long executions are kept. */
export interface RetentionRule {
  /** With those below it. Empty: all */
  namespace: string;
  /** In which they ended; undefined: all. */
  state: State | undefined;
  /** ISO 8601; undefined: for ever */
  keep: string | undefined;
}

export interface Retention {
  rules: RetentionRule[];
  /** What no rule is about; undefined: for ever */
  otherwise: string | undefined;
}

/** What is over its age now, of one namespace, state and month. */
export interface PurgeLine {
  namespace: string;
  state: State;
  month: string;
  executions: number;
  bytes: number;
}

interface WireRule {
  namespace: string;
  state: string;
  keep: string | null;
}

export async function getRetention(signal?: AbortSignal): Promise<Retention> {
  const wire = await getJson<{ results: WireRule[]; otherwise: string | null }>(`${API}/retention`, undefined, signal);
  return {
    rules: wire.results.map((one) => ({ namespace: one.namespace, state: one.state === "" ? undefined : toState(one.state), keep: one.keep ?? undefined })),
    otherwise: wire.otherwise ?? undefined,
  };
}

export async function setRetention({ namespace, state, keep }: RetentionRule): Promise<void> {
  await sendJson("PUT", `${API}/retention`, { namespace, state: state ?? "", keep: keep ?? null });
}

export async function dropRetention({ namespace, state }: RetentionRule): Promise<void> {
  await sendJson("DELETE", `${API}/retention`, undefined, { namespace, state });
}

export async function getPurgePlan(signal?: AbortSignal): Promise<{ lines: PurgeLine[]; executions: number }> {
  const wire = await getJson<{ results: (Omit<PurgeLine, "state"> & { state: string })[]; executions: number }>(`${API}/retention/plan`, undefined, signal);
  return { lines: wire.results.map((line) => ({ ...line, state: toState(line.state) })), executions: wire.executions };
}
