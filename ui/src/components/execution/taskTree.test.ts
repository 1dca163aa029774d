import { expect, test } from "vitest";
import { barOf, buildTaskTree, countStates, isFolded, visibleRows } from "@/components/execution/taskTree";
import { at, loop, taskRun, wireState } from "@/testing/executionFactory";

const none = new Map<string, boolean>();

test("task runs are nested as their parents say", () => {
  const tree = buildTaskTree([taskRun({ id: "a" }), taskRun({ id: "b", parentTaskRunId: "a" }), taskRun({ id: "c" })]);
  expect(tree.map((node) => [node.key, node.children.map((child) => child.key)])).toEqual([
    ["a", ["b"]],
    ["c", []],
  ]);
});

test("a task run whose parent is missing stands at the root", () => expect(buildTaskTree([taskRun({ id: "x", parentTaskRunId: "gone" })])).toHaveLength(1));

test("a round of one task is that task; a round of several is a group of its own", () => {
  const parent = taskRun({ id: "each" });
  const both = (iteration: number) => ["load", "send"].map((taskId) => taskRun({ taskId, parentTaskRunId: "each", value: `v${iteration}`, iteration }));
  const [each] = buildTaskTree([parent, ...both(0), ...both(1), taskRun({ taskId: "load", parentTaskRunId: "each", value: "v2", iteration: 2 })]);
  expect(each?.children.map((node) => [node.value, node.run === undefined, node.children.length])).toEqual([
    ["v0", true, 2],
    ["v1", true, 2],
    ["v2", false, 0],
  ]);
});

test("a group is as bad as the worst in it, and runs until the last has ended", () => {
  const [each] = buildTaskTree([
    taskRun({ id: "each" }),
    taskRun({ taskId: "a", parentTaskRunId: "each", value: "v", iteration: 0, state: wireState(["CREATED", 1], ["RUNNING", 2], ["FAILED", 4]) }),
    taskRun({ taskId: "b", parentTaskRunId: "each", value: "v", iteration: 0, state: wireState(["CREATED", 3], ["RUNNING", 4], ["SUCCESS", 9]) }),
  ]);
  expect(each?.children[0]).toMatchObject({ state: "FAILED", startedAt: at(1), endedAt: at(9) });
});

test("long loops begin folded, and a choice by hand holds", () => {
  const [each] = buildTaskTree(loop(50));
  if (each === undefined) throw new Error("no loop");
  expect(isFolded(each, none)).toBe(true);
  expect(visibleRows([each], none)).toHaveLength(1);
  expect(visibleRows([each], new Map([["each", false]]))).toHaveLength(51);
  expect(countStates(each.children)).toEqual([["SUCCESS", 50]]);
});

// Quadratic cost would take minutes, linear cost takes a moment: the limit tells them apart on any machine.
test("a hundred thousand rounds are no trouble", { timeout: 30_000 }, () => {
  const tree = buildTaskTree(loop(100_000));
  expect(tree[0]?.children).toHaveLength(100_000);
  expect(visibleRows(tree, none)).toHaveLength(1);
});

test("waiting is drawn apart from working, and work has the colour of its outcome", () => {
  const [node] = buildTaskTree([taskRun({ state: wireState(["CREATED", 0], ["RUNNING", 2], ["FAILED", 8]) })]);
  if (node === undefined) throw new Error("no node");
  expect(barOf(node, at(0), at(10))).toEqual([
    { state: "CREATED", kind: "waiting", from: 0, to: 0.2 },
    { state: "FAILED", kind: "working", from: 0.2, to: 0.8 },
  ]);
});

test("what runs is drawn up to now", () => {
  const [node] = buildTaskTree([taskRun({ state: wireState(["CREATED", 0], ["RUNNING", 5]) })]);
  if (node === undefined) throw new Error("no node");
  expect(barOf(node, at(0), at(10)).at(-1)).toEqual({ state: "RUNNING", kind: "working", from: 0.5, to: 1 });
});
