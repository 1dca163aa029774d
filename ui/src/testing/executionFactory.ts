// Executions and task runs for tests, named by what matters about them.
import type { WireExecution, WireState, WireTaskRun } from "@/api/wire";
import { toExecution, type Execution } from "@/api/executions";
import { toTaskRun, type TaskRun } from "@/api/taskRuns";

export const BEGIN = new Date("2026-11-24T10:00:00Z");
export const NOW = new Date("2026-11-24T10:05:00Z");

/** `10:00:00` plus so many seconds. */
export function at(seconds: number): Date {
  return new Date(BEGIN.getTime() + seconds * 1000);
}

/** ["CREATED", 0], ["RUNNING", 2]: states with the second in which they began. */
export function wireState(...moments: [state: string, second: number][]): WireState {
  const histories = moments.map(([state, second]) => ({ state, date: at(second).toISOString() }));
  const last = histories.at(-1);
  return { current: last?.state ?? "CREATED", histories, startDate: histories[0]?.date, endDate: last?.date };
}

let runs = 0;

export function taskRun(part: Partial<Omit<WireTaskRun, "state">> & { state?: WireState } = {}): TaskRun {
  return toTaskRun({
    id: `run-${++runs}`,
    executionId: "exec",
    namespace: "a.b",
    flowId: "flow",
    taskId: "task",
    state: wireState(["CREATED", 0], ["RUNNING", 1], ["SUCCESS", 3]),
    ...part,
  });
}

/** A loop with so many rounds of one task each. */
export function loop(rounds: number): TaskRun[] {
  const parent = taskRun({ id: "each", taskId: "each", state: wireState(["CREATED", 0], ["RUNNING", 1]) });
  return [parent, ...Array.from({ length: rounds }, (_, iteration) => taskRun({ taskId: "work", parentTaskRunId: "each", value: `v${iteration}`, iteration }))];
}

function execution(part: Partial<WireExecution>): Execution {
  return toExecution({
    id: "0VbsDGr58qPJ1oDDj96C7x",
    namespace: "company.team",
    flowId: "report",
    flowRevision: 3,
    state: wireState(["CREATED", 0], ["RUNNING", 1]),
    ...part,
  });
}

export const executionFactory = {
  created: () => execution({ state: wireState(["CREATED", 0]) }),
  queued: () => execution({ state: wireState(["CREATED", 0], ["QUEUED", 1]) }),
  running: (part: Partial<WireExecution> = {}) => execution(part),
  paused: () => execution({ state: wireState(["CREATED", 0], ["RUNNING", 1], ["PAUSED", 5]) }),
  killing: () => execution({ state: wireState(["CREATED", 0], ["RUNNING", 1], ["KILLING", 5]) }),
  succeeded: (part: Partial<WireExecution> = {}) => execution({ state: wireState(["CREATED", 0], ["RUNNING", 1], ["SUCCESS", 9]), ...part }),
  failed: (part: Partial<WireExecution> = {}) => execution({ state: wireState(["CREATED", 0], ["RUNNING", 1], ["FAILED", 9]), ...part }),
};
