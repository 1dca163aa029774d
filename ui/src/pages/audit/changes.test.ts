import { expect, test } from "vitest";
import { changesOf } from "@/pages/audit/changes";

test("only what differs is a change", () =>
  expect(changesOf({ disabled: false, revision: 2 }, { disabled: false, revision: 3 })).toEqual([{ name: "revision", before: "2", after: "3" }]));

test("a switch that was off before it was noted has not changed", () =>
  expect(changesOf(undefined, { disabled: false, revision: 1 })).toEqual([{ name: "revision", before: undefined, after: "1" }]));

test("what is new has no before, and what went has no after", () =>
  expect(changesOf({ old: ["a"] }, { fresh: "b" })).toEqual([
    { name: "old", before: '["a"]', after: undefined },
    { name: "fresh", before: undefined, after: "b" },
  ]));

test("an act that noted nothing changed nothing that is known", () => expect(changesOf(undefined, null)).toEqual([]));
