import { expect, test, vi } from "vitest";
import { LogReader, parseLogFrame, searchLogs } from "@/api/logs";

const entry = { executionId: "e", timestamp: "2026-11-24T10:00:00Z", level: "INFO", message: "same" };

test("lines with a sequence number are told apart by it", () => {
  const reader = new LogReader();
  expect(reader.read({ ...entry, seq: 7 }).key).toBe("e#7");
});

test("the same line twice has two keys, and the same two when all is sent again", () => {
  const keysOf = () => {
    const reader = new LogReader();
    return [reader.read(entry).key, reader.read(entry).key];
  };
  const [first, second] = keysOf();
  expect(first).not.toBe(second);
  expect(keysOf()).toEqual([first, second]);
});

test("the frame that opens a stream is no line", () => expect(parseLogFrame(new LogReader(), "{}")).toBeUndefined());

test("a search that took too long says how far back it looked", async () => {
  const answer = { results: [], total: 0, searchedFrom: "2026-11-24T10:00:00Z" };
  vi.spyOn(globalThis, "fetch").mockImplementation(() => Promise.resolve(new Response(JSON.stringify(answer), { status: 200 })));
  expect((await searchLogs({ q: "nowhere" })).searchedFrom).toEqual(new Date("2026-11-24T10:00:00Z"));
});
