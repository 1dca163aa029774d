import { describe, expect, test } from "vitest";
import { toExecution, type Execution } from "@/api/executions";
import { batchesOf, idsOfSubExecutions, startsOthers, withSubExecutions } from "@/components/execution/subflows";

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

describe("executions of batches", () => {
  const batches = { outputs: { numberOfBatches: 3, iterations: { CREATED: 0, RUNNING: 1, SUCCESS: 2 } } };
  const loop = execution("top", "", [run("top", "each"), run("top", "each_items", { ...batches, parentTaskRunId: "each" })]);
  const batch = (id: string, number: number, runs: object[]) =>
    toExecution({
      id,
      namespace: "n",
      flowId: "f",
      state: { current: "SUCCESS", histories: [] },
      taskRunList: runs,
      trigger: { id: "each_items", type: "ForEachItem", variables: { executionId: "top", taskRunIteration: number } },
    } as never);
  const [second, first] = [batch("b2", 1, [run("b2", "work2")]), batch("b1", 0, [run("b1", "work1"), run("b1", "calls", calls("leaf"))])];

  test("are counted by their states", () => {
    const found = batchesOf(loop.taskRuns[1]!);
    expect(found?.total).toBe(3);
    expect([...(found?.counts ?? [])].sort()).toEqual([
      ["RUNNING", 1],
      ["SUCCESS", 2],
    ]);
    expect(startsOthers(loop.taskRuns)).toBe(true);
    expect(batchesOf(loop.taskRuns[0]!)).toBeUndefined();
  });

  test("are rounds of the task run that started them, in the order of the batches", () => {
    expect(withSubExecutions(loop.taskRuns, known(second, first)).map((one) => [one.id, one.parentId, one.iteration])).toEqual([
      ["each", undefined, undefined],
      ["each_items", "each", undefined],
      ["work1", "each_items", 0],
      ["calls", "each_items", 0],
      ["work2", "each_items", 1],
    ]);
  });

  test("start flows of their own, which are looked for", () => {
    expect(idsOfSubExecutions(loop.taskRuns, known(first))).toEqual(["leaf"]);
  });

  test("are shown nowhere when two task runs could have started them", () => {
    const twice = [...loop.taskRuns, { ...loop.taskRuns[1]!, id: "again" }];
    expect(withSubExecutions(twice, known(first)).length).toBe(3);
  });
});
