import { expect, test } from "vitest";
import { LogReader, type LogPart } from "@/api/logs";
import { LogBlocks } from "@/components/logs/logBlocks";

const reader = new LogReader();
const lines = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => reader.read({ seq: from + index, executionId: "e", level: "INFO", message: `line ${from + index}` }));
const part = (firstSeq: number, count: number, every: number): LogPart => ({
  lines: count,
  hidden: 0,
  marks: Array.from({ length: Math.ceil(count / every) }, (_, index) => firstSeq + index * every),
  every,
  hits: [],
  hitCount: 0,
  firstError: undefined,
  tasks: [],
  last: firstSeq + count - 1,
  more: false,
});

test("places lead to the block that has their lines, across parts of any length", () => {
  const blocks = new LogBlocks();
  blocks.add(part(101, 25, 10));
  blocks.add(part(901, 12, 10));
  expect(blocks.total).toBe(37);
  expect(blocks.missing(0, 37)).toEqual([0, 1, 2, 3, 4]);
  expect(blocks.question(2)).toEqual({ after: 120, limit: 5 });
  expect(blocks.question(3)).toEqual({ after: 900, limit: 10 });
  expect(blocks.question(4)).toEqual({ after: 910, limit: 2 });
  blocks.fill(2, lines(121, 5));
  blocks.fill(3, lines(901, 10));
  expect(blocks.missing(20, 35)).toEqual([]);
  expect(blocks.lineAt(24)?.message).toBe("line 125");
  expect(blocks.lineAt(25)?.message).toBe("line 901");
  expect([blocks.lineAt(19), blocks.lineAt(36), blocks.lineAt(37)]).toEqual([undefined, undefined, undefined]);
});

test("what was not looked at for the longest time is forgotten", () => {
  const blocks = new LogBlocks();
  blocks.add(part(1, 1000, 10));
  for (let index = 0; index < 60; ++index) blocks.fill(index, lines(1 + index * 10, 10));
  expect(blocks.missing(0, 5)).toEqual([]); // looks at the first
  blocks.fill(60, lines(601, 10));
  expect(blocks.missing(0, 20)).toEqual([1]);
  expect(blocks.lineAt(600)?.message).toBe("line 601");
});

test("a log without lines has none", () => {
  const blocks = new LogBlocks();
  expect([blocks.total, blocks.lineAt(0), blocks.missing(0, 10)]).toEqual([0, undefined, []]);
});
