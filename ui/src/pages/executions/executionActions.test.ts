import { expect, test } from "vitest";
import { allowedActions, prominentActions } from "@/pages/executions/executionActions";
import { executionFactory } from "@/testing/executionFactory";

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
