import { expect, test } from "vitest";
import { LogReader, type Level } from "@/api/logs";
import { addLines, LogIndex } from "@/components/logs/logIndex";

const reader = new LogReader();
const line = (seq: number, level: Level, message: string, second = seq, taskId = "t") =>
  reader.read({ seq, executionId: "e", taskId, timestamp: `2026-11-24T10:00:${String(second).padStart(2, "0")}Z`, level, message });

test("lines that come later are indexed without looking at the earlier ones again", () => {
  const lines = [line(1, "INFO", "one"), line(2, "DEBUG", "two")];
  const index = new LogIndex({ level: "INFO", task: undefined, needle: "O" });
  const first = index.advance(lines, 0);
  expect([first.shown, first.hits, first.hidden]).toEqual([[0], [0], 1]);
  const before = lines.length;
  expect(addLines(lines, [line(3, "ERROR", "no \u001b[31mo\u001b[0m"), line(4, "WARN", "x", 4, "u")])).toBe(before);
  const then = index.advance(lines, before);
  expect([then.shown, then.hits, then.firstError, then.tasks]).toEqual([[0, 2, 3], [0, 1], 1, ["t", "u"]]);
});

test("a line that comes late is put in its place, and the index follows", () => {
  const lines = [line(1, "INFO", "a", 1), line(3, "INFO", "c", 3)];
  const index = new LogIndex({ level: "INFO", task: undefined, needle: "" });
  index.advance(lines, 0);
  const from = addLines(lines, [line(2, "ERROR", "b", 2)]);
  expect(index.advance(lines, from).firstError).toBe(1);
  expect(lines.map((one) => one.message)).toEqual(["a", "b", "c"]);
});

test("only one task's lines", () => {
  const index = new LogIndex({ level: "INFO", task: "u", needle: "" });
  const found = index.advance([line(1, "INFO", "a"), line(2, "INFO", "b", 2, "u"), line(3, "TRACE", "c", 3)], 0);
  expect([found.shown, found.hidden]).toEqual([[1], 0]);
});
