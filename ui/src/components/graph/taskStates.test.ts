import { expect, test } from "vitest";
import type { TaskRun } from "@/api/taskRuns";
import type { State } from "@/api/states";
import { statesOfTasks } from "@/components/graph/taskStates";

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
function run(id: string, state: State, from: number, to?: number): TaskRun {
  const endedAt = to === undefined ? undefined : at(to);
  return {
    id,
    executionId: "e",
    namespace: "n",
    flowId: "f",
    taskId: "load",
    parentId: undefined,
    value: id,
    iteration: undefined,
    attempts: [],
    outputs: {},
    state,
    progress: { state, startedAt: at(from), endedAt, history: [{ state: "RUNNING", at: at(from + 1) }] },
  };
}

test("of many runs the state is shown that needs a person most, with its run", () => {
  const state = statesOfTasks([run("1", "SUCCESS", 0, 5), run("2", "FAILED", 2, 9), run("3", "SUCCESS", 3, 6)]).get("load");
  expect(state).toMatchObject({ state: "FAILED", runs: 3, ended: 3, startedAt: at(1), endedAt: at(9) });
  expect(state?.run.id).toBe("2");
});

test("while one is running the task has no end", () => {
  const state = statesOfTasks([run("1", "FAILED", 0, 5), run("2", "RUNNING", 2)]).get("load");
  expect(state).toMatchObject({ state: "RUNNING", ended: 1, endedAt: undefined });
});
