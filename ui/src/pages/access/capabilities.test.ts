import { expect, test } from "vitest";
import { ACTIONS, gather, RESOURCES, spread, unknownOf } from "@/pages/access/capabilities";

test("a star stands for each", () => {
  expect(spread(["*:*"]).size).toBe(RESOURCES.length * ACTIONS.length);
  expect([...spread(["FLOW:*"])]).toEqual(["FLOW:READ", "FLOW:CREATE", "FLOW:UPDATE", "FLOW:DELETE"]);
  expect(spread(["*:READ"]).size).toBe(RESOURCES.length);
});

test("whole rows and columns are gathered to a star", () => {
  expect(gather(spread(["*:*"]))).toEqual(["*:*"]);
  expect(gather(spread(["*:READ", "KV:CREATE"]))).toEqual(["*:READ", "KV:CREATE"]);
  expect(gather(spread(["FLOW:*", "LOG:READ"]))).toEqual(["FLOW:*", "LOG:READ"]);
  expect(gather(new Set())).toEqual([]);
});

test("gathering loses and adds nothing", () => {
  for (const words of [["*:READ", "FLOW:*"], ["EXECUTION:READ", "EXECUTION:UPDATE"], ["*:*"], ["*:READ", "*:DELETE", "SECRET:*"]])
    expect(spread(gather(spread(words)))).toEqual(spread(words));
});

test("a word of a later server stays", () => {
  expect(unknownOf(["FLOW:READ", "APP:READ", "FLOW:PUBLISH", "nonsense"])).toEqual(["APP:READ", "FLOW:PUBLISH", "nonsense"]);
  expect(gather(spread(["FLOW:READ"]), ["APP:READ"])).toEqual(["FLOW:READ", "APP:READ"]);
});
