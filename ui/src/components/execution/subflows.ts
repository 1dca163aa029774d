import type { Execution } from "@/api/executions";
import type { TaskRun } from "@/api/taskRuns";

/** What a task run that starts a flow has started. */
export function startedBy(run: TaskRun | undefined): string | undefined {
  const id = run?.outputs.executionId;
  return typeof id === "string" && id !== run?.executionId ? id : undefined;
}

const isOf = (child: Execution, run: TaskRun) => child.trigger?.variables.executionId === run.executionId;

/** All that an execution has started, and what that has started, as far as it is known. */
export function idsOfSubExecutions(root: readonly TaskRun[], known: ReadonlyMap<string, Execution>): string[] {
  const out = new Set<string>();
  const visit = (runs: readonly TaskRun[]): void => {
    for (const run of runs) {
      const id = startedBy(run);
      if (id === undefined || out.has(id)) continue;
      out.add(id);
      visit(known.get(id)?.taskRuns ?? []);
    }
  };
  visit(root);
  return [...out];
}

/** The task runs with those of what they have started below them. */
export function withSubExecutions(root: readonly TaskRun[], known: ReadonlyMap<string, Execution>): TaskRun[] {
  const out: TaskRun[] = [];
  const seen = new Set<string>();
  const visit = (runs: readonly TaskRun[], parentId: string | undefined): void => {
    for (const run of runs) {
      out.push(parentId === undefined || run.parentId !== undefined ? run : { ...run, parentId });
      const id = startedBy(run);
      const child = id === undefined || seen.has(id) ? undefined : known.get(id);
      if (child === undefined || !isOf(child, run)) continue;
      seen.add(child.id);
      visit(child.taskRuns, run.id);
    }
  };
  visit(root, undefined);
  return out;
}
