import { expect, test } from "vitest";
import { isConflict, mergedText, threeWayMerge } from "@/components/editor/threeWayMerge";

const base = `id: report
namespace: a.b

# keep this
tasks:
  - id: first
    type: core.log.Log
    message: hello

  # the end
  - id: last
    type: core.log.Log
    message: bye
`;

test("changes in different places are put together, with all comments", () => {
  const theirs = base.replace("hello", "good morning");
  const mine = base.replace("bye", "see you  # soon").replace("id: report\n", "id: report\ndescription: mine\n");
  const merged = mergedText(threeWayMerge(base, theirs, mine));
  expect(merged).toBe(base.replace("hello", "good morning").replace("bye", "see you  # soon").replace("id: report\n", "id: report\ndescription: mine\n"));
});

test("what both have changed alike is no conflict", () => {
  const same = base.replace("hello", "hi");
  expect(mergedText(threeWayMerge(base, same, same))).toBe(same);
});

test("who has changed nothing gets the other's text", () => {
  const other = base.replace("hello", "hi");
  expect(mergedText(threeWayMerge(base, other, base))).toBe(other);
  expect(mergedText(threeWayMerge(base, base, other))).toBe(other);
});

test("a line that both have changed is to be decided", () => {
  const theirs = base.replace("hello", "theirs");
  const mine = base.replace("hello", "mine");
  const pieces = threeWayMerge(base, theirs, mine);
  const place = pieces.findIndex(isConflict);
  expect(pieces[place]).toEqual({ base: ["    message: hello"], theirs: ["    message: theirs"], mine: ["    message: mine"] });
  expect(mergedText(pieces)).toBeUndefined();
  expect(mergedText(pieces, new Map([[place, "theirs"]]))).toBe(theirs);
  expect(mergedText(pieces, new Map([[place, "mine"]]))).toBe(mine);
});

test("two tasks that two people have appended can both stay", () => {
  const task = (id: string) => `  - id: ${id}\n    type: core.log.Log\n`;
  const pieces = threeWayMerge(base, base + task("theirs"), base + task("mine"));
  const place = pieces.findIndex(isConflict);
  const both = mergedText(pieces, new Map([[place, "both"]]));
  expect(both?.startsWith(base)).toBe(true);
  expect(both).toContain("id: theirs");
  expect(both).toContain("id: mine");
});
