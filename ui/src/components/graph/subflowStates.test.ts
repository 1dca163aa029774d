import { expect, test } from "vitest";
import { toExecution } from "@/api/executions";
import { toGraph } from "@/api/graph";
import { idsInside, statesOfNodes } from "@/components/graph/subflowStates";

const run = (executionId: string, taskId: string, state: string, outputs = {}) => ({
  id: `${executionId} ${taskId}`,
  executionId,
  taskId,
  state: { current: state, histories: [] },
  outputs,
});
const execution = (id: string, runs: object[]) =>
  toExecution({ id, namespace: "n", flowId: "f", state: { current: "RUNNING", histories: [] }, taskRunList: runs } as never);
const node = (uid: string, type = "GraphTask") => ({ uid, type, task: { id: uid.slice(uid.lastIndexOf(".") + 1), type: "t" } });
const { nodes } = toGraph({
  nodes: [
    node("root.load"),
    node("root.call", "SubflowGraphTask"),
    node("root.call.load"),
    node("root.call.deep", "SubflowGraphTask"),
    node("root.call.deep.load"),
  ],
  edges: [],
  clusters: [],
} as never);

const top = execution("top", [run("top", "load", "SUCCESS"), run("top", "call", "RUNNING", { executionId: "middle" })]);
const middle = execution("middle", [run("middle", "load", "FAILED"), run("middle", "deep", "RUNNING", { executionId: "leaf" })]);
const leaf = execution("leaf", [run("leaf", "load", "PAUSED")]);
const expanded = ["root.call", "root.call.deep"];

test("tasks of the same name are told apart by the execution that they are in", () => {
  const states = statesOfNodes(
    nodes,
    top.taskRuns,
    expanded,
    new Map([
      ["middle", middle],
      ["leaf", leaf],
    ]),
  );
  expect([...states].map(([uid, { state }]) => [uid, state])).toEqual([
    ["root.load", "SUCCESS"],
    ["root.call", "RUNNING"],
    ["root.call.load", "FAILED"],
    ["root.call.deep", "RUNNING"],
    ["root.call.deep.load", "PAUSED"],
  ]);
  expect(idsInside(nodes, states, expanded)).toEqual(["middle", "leaf"]);
});

test("what has not been loaded yet, or was not started, has no state", () => {
  const states = statesOfNodes(nodes, top.taskRuns, expanded, new Map());
  expect([...states.keys()]).toEqual(["root.load", "root.call"]);
  expect(idsInside(nodes, states, expanded)).toEqual(["middle"]);
});
