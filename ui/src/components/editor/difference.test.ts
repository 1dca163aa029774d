import { expect, test } from "vitest";
import { difference } from "@/components/editor/difference";

test("only what differs is replaced", () => {
  expect(difference("a: 1\nb: 2\n", "a: 1\nb: 3\n")).toEqual({ from: 8, to: 9, text: "3" });
  expect(difference("a\nb\n", "a\nx\nb\n")).toEqual({ from: 2, to: 2, text: "x\n" });
  expect(difference("aa", "a")).toEqual({ from: 1, to: 2, text: "" });
  expect(difference("", "new")).toEqual({ from: 0, to: 0, text: "new" });
  expect(difference("same", "same")).toEqual({ from: 4, to: 4, text: "" });
});
