import { expect, test } from "vitest";
import { toneOf } from "@/pages/cluster/queueTone";

const queue = (name: string, oldestMs: number | undefined, depth = 1) => ({ queue: name, group: "", depth, oldestMs });

test("events that wait for seconds are late, for a minute stuck", () => {
  expect(toneOf(queue("execution_events", 800))).toBe("");
  expect(toneOf(queue("execution_events", 6_000))).toBe("late");
  expect(toneOf(queue("execution_events", 60_000))).toBe("stuck");
});

test("a task may run for as long as it likes, and an execution wait for a slot", () => {
  expect(toneOf(queue("claims", 86_400_000))).toBe("");
  expect(toneOf(queue("queued_executions", 86_400_000))).toBe("");
});

test("a parked event is wrong at once; an empty queue never is", () => {
  expect(toneOf(queue("parked_events", 0))).toBe("stuck");
  expect(toneOf(queue("parked_events", undefined, 0))).toBe("");
});
