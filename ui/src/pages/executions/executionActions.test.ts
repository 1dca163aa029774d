import { expect, test } from "vitest";
import { allowedActions, prominentActions, refusedActions } from "@/pages/executions/executionActions";
import { executionFactory, taskRun, wireState } from "@/testing/executionFactory";

test.each([
  ["created", ["kill", "replay", "forceRun"]],
  ["queued", ["kill", "unqueue", "replay", "forceRun"]],
  ["running", ["kill", "pause", "replay", "forceRun"]],
  ["paused", ["resume", "restart", "kill", "replay", "forceRun"]],
  ["killing", ["replay"]],
  ["succeeded", ["replay", "changeStatus", "labels", "delete"]],
  ["failed", ["restart", "replay", "changeStatus", "labels", "delete"]],
] as const)("%s: %s", (state, actions) => expect(allowedActions(executionFactory[state]())).toEqual(actions));

test("the server's list counts more than ours", () => {
  expect(allowedActions(executionFactory.running({ allowedActions: ["kill", "labels", "levitate"] }))).toEqual(["kill", "labels"]);
});

test("beside resume there is no restart button", () => expect(prominentActions(["resume", "restart", "kill"])).toEqual(["resume", "kill"]));

test("what the server refuses is told with its reason, if somebody would look for it", () => {
  const refused = { restart: "No task found to restart execution from!", resume: "The execution is not paused", levitate: "no" };
  expect(refusedActions(executionFactory.succeeded({ refusedActions: refused }))).toEqual([{ action: "restart", reason: refused.restart }]);
});

test("what was killed and has no failed task run has nothing to restart from", () => {
  const killed = executionFactory.failed({ state: wireState(["RUNNING", 1], ["KILLED", 9]) });
  expect(allowedActions({ ...killed, taskRuns: [taskRun({ state: wireState(["RUNNING", 1], ["KILLED", 9]) })] })).not.toContain("restart");
});
