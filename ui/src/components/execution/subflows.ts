import type { Execution } from "@/api/executions";
import { STATES, type State } from "@/api/states";
import type { TaskRun } from "@/api/taskRuns";

/** What a task run that starts a flow has started. */
export function startedBy(run: TaskRun | undefined): string | undefined {
  const id = run?.outputs.executionId;
  return typeof id === "string" && id !== run?.executionId ? id : undefined;
}

/** A task run that starts an execution for each batch of a file: how many there are, and where they stand. */
export function batchesOf(run: TaskRun): { total: number; counts: ReadonlyMap<State, number> } | undefined {
  const { numberOfBatches, iterations } = run.outputs;
  if (typeof numberOfBatches !== "number" || typeof iterations !== "object" || iterations === null) return undefined;
  const counts = STATES.flatMap((state): [State, number][] => {
    const count = (iterations as Record<string, unknown>)[state];
    return typeof count === "number" && count > 0 ? [[state, count]] : [];
  });
  return { total: numberOfBatches, counts: new Map(counts) };
}

/** Whether it has started anything that could be shown with it. */
export const startsOthers = (runs: readonly TaskRun[]): boolean => runs.some((run) => startedBy(run) !== undefined || batchesOf(run) !== undefined);

const isOf = (child: Execution, run: TaskRun) => child.trigger?.variables.executionId === run.executionId;

/** The executions of a task run's batches, in their order. One task that runs several times can't tell which are whose. */
function batchExecutions(run: TaskRun, beside: readonly TaskRun[], known: ReadonlyMap<string, Execution>): Execution[] {
  if (batchesOf(run) === undefined || beside.some((other) => other.taskId === run.taskId && other.id !== run.id)) return [];
  return [...known.values()].filter((one) => isOf(one, run) && one.trigger?.id === run.taskId).sort((left, right) => batchOf(left) - batchOf(right));
}

function batchOf({ trigger }: Execution): number {
  const number = trigger?.variables.taskRunIteration;
  return typeof number === "number" ? number : 0;
}

/** All that an execution has started, and what that has started, as far as it is known; without those of batches, of which there may be many. */
export function idsOfSubExecutions(root: readonly TaskRun[], known: ReadonlyMap<string, Execution>): string[] {
  const out = new Set<string>();
  const visit = (runs: readonly TaskRun[]): void => {
    for (const run of runs) {
      batchExecutions(run, runs, known).forEach((child) => visit(child.taskRuns));
      const id = startedBy(run);
      if (id === undefined || out.has(id)) continue;
      out.add(id);
      visit(known.get(id)?.taskRuns ?? []);
    }
  };
  visit(root);
  return [...out];
}

/** The task runs with those of what they have started below them: each batch is a round of the one that started it. */
export function withSubExecutions(root: readonly TaskRun[], known: ReadonlyMap<string, Execution>): TaskRun[] {
  const out: TaskRun[] = [];
  const seen = new Set<string>();
  const visit = (runs: readonly TaskRun[], under: { parentId?: string; iteration?: number }): void => {
    for (const run of runs) {
      out.push(run.parentId !== undefined ? run : { ...run, ...under });
      for (const batch of batchExecutions(run, runs, known)) visit(batch.taskRuns, { parentId: run.id, iteration: batchOf(batch) });
      const id = startedBy(run);
      const child = id === undefined || seen.has(id) ? undefined : known.get(id);
      if (child === undefined || !isOf(child, run)) continue;
      seen.add(child.id);
      visit(child.taskRuns, { parentId: run.id });
    }
  };
  visit(root, {});
  return out;
}
