import { expect, test } from "vitest";
import { toExecution, type Execution } from "@/api/executions";
import { idsOfSubExecutions, withSubExecutions } from "@/components/execution/subflows";

const run = (executionId: string, id: string, more: object = {}) => ({ id, executionId, taskId: id, state: { current: "SUCCESS" }, ...more });
const execution = (id: string, parent: string, runs: object[]) =>
  toExecution({
    id,
    namespace: "n",
    flowId: "f",
    state: { current: "SUCCESS", histories: [] },
    taskRunList: runs,
    trigger: { id: "call", type: "Subflow", variables: { executionId: parent } },
  } as never);
const calls = (child: string) => ({ outputs: { executionId: child } });

const root = execution("top", "", [run("top", "first"), run("top", "call", calls("middle"))]);
const middle = execution("middle", "top", [
  run("middle", "inner"),
  run("middle", "deeper", calls("leaf")),
  run("middle", "in_loop", { parentTaskRunId: "inner" }),
]);
const leaf = execution("leaf", "middle", [run("leaf", "last")]);
const known = (...some: Execution[]) => new Map(some.map((one) => [one.id, one]));

test("what an execution started is found as far as it is known", () => {
  expect(idsOfSubExecutions(root.taskRuns, known())).toEqual(["middle"]);
  expect(idsOfSubExecutions(root.taskRuns, known(middle))).toEqual(["middle", "leaf"]);
});

test("task runs of what was started stand below the one that started it", () => {
  const all = withSubExecutions(root.taskRuns, known(middle, leaf));
  expect(all.map((one) => [one.id, one.parentId])).toEqual([
    ["first", undefined],
    ["call", undefined],
    ["inner", "call"],
    ["deeper", "call"],
    ["last", "deeper"],
    ["in_loop", "inner"],
  ]);
});

test("an output that only looks like a child, and one that starts itself, add nothing", () => {
  const other = execution("other", "somebody else", [run("other", "foreign")]);
  expect(
    withSubExecutions(
      [run("top", "asks", calls("other")) as never, run("top", "self", calls("top")) as never].map((one) => ({ ...(one as object) }) as never),
      known(other, root),
    ).length,
  ).toBe(2);
});
