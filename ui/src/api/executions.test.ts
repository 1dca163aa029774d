import { expect, test } from "vitest";
import { toExecution } from "@/api/executions";
import { at, wireState } from "@/testing/executionFactory";

test("a running execution has no end, whatever the server sends", () => {
  const execution = toExecution({ id: "x", namespace: "n", flowId: "f", state: wireState(["CREATED", 0], ["RUNNING", 1]) });
  expect(execution.progress.endedAt).toBeUndefined();
  expect(execution.progress.startedAt).toEqual(at(0));
});

test("what a light answer leaves out is empty", () => {
  const execution = toExecution({ id: "x", namespace: "n", flowId: "f", state: { current: "SUCCESS" } });
  expect(execution).toMatchObject({ taskRuns: [], inputs: {}, labels: [], attempt: 1, trigger: undefined });
});

test("a state that this page doesn't know is unknown, not an error", () => {
  expect(toExecution({ id: "x", namespace: "n", flowId: "f", state: { current: "LEVITATING" } }).state).toBe("UNKNOWN");
});
