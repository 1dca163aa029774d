import { toProgress, type Page, type Progress } from "@/api/convert";
import { API, getJson, sendJson, type Query } from "@/api/http";
import type { State } from "@/api/states";
import type { WireDay, WirePage, WireTaskRun } from "@/api/wire";

export interface Attempt {
  progress: Progress | undefined;
  workerId: string | undefined;
  /** logToFile: where its lines are. */
  logFile: string | undefined;
}

export interface TaskRun {
  id: string;
  executionId: string;
  namespace: string;
  flowId: string;
  taskId: string;
  parentId: string | undefined;
  value: string | undefined;
  iteration: number | undefined;
  attempts: Attempt[];
  outputs: Record<string, unknown>;
  progress: Progress;
  state: State;
}

export function toTaskRun(wire: WireTaskRun): TaskRun {
  const progress = toProgress(wire.state);
  return {
    id: wire.id,
    executionId: wire.executionId ?? "",
    namespace: wire.namespace ?? "",
    flowId: wire.flowId ?? "",
    taskId: wire.taskId,
    parentId: wire.parentTaskRunId,
    value: wire.value,
    iteration: wire.iteration,
    attempts: (wire.attempts ?? []).map((attempt) => ({
      progress: attempt.state && toProgress(attempt.state),
      workerId: attempt.workerId,
      logFile: attempt.logFile,
    })),
    outputs: wire.outputs ?? {},
    progress,
    state: progress.state,
  };
}

export async function searchTaskRuns(query: Query, signal?: AbortSignal): Promise<Page<TaskRun>> {
  const page = await getJson<WirePage<WireTaskRun>>(`${API}/taskruns/search`, query, signal);
  return { rows: page.results.map(toTaskRun), total: page.total };
}

/** How many there were in each state, day by day. */
export async function taskRunsByDay(wanted: {
  namespace: string;
  flowId: string;
  from: Date;
  until: Date;
}): Promise<{ at: Date; counts: Map<State, number>; total: number }[]> {
  const body = {
    namespace: wanted.namespace || undefined,
    flowId: wanted.flowId || undefined,
    startDate: wanted.from.toISOString(),
    endDate: wanted.until.toISOString(),
  };
  const days = (await sendJson<WireDay[]>("POST", `${API}/stats/taskruns/daily`, body)) ?? [];
  return days.map(({ startDate, executionCounts }) => {
    const counts = new Map(Object.entries(executionCounts).filter(([, count]) => count > 0) as [State, number][]);
    return { at: new Date(startDate), counts, total: [...counts.values()].reduce((sum, count) => sum + count, 0) };
  });
}
