import { describe, expect, it } from "vitest";
import { freeId, outlineOf, withItem, withItemMoved, withoutItem } from "@/components/editor/outline";

const FLOW = `id: report
namespace: company.sales

tasks:
  # first of all
  - id: fetch
    type: core.http.Download
    uri: https://example.org # where

  - id: each
    type: core.flow.ForEach
    values: [1, 2]
    tasks:
      - id: inner
        type: core.log.Log
        message: |
          one
          two

  - id: last
    type: core.log.Log
    message: end
# the end
`;
const ids = (text: string) => (outlineOf(text) ?? []).flatMap(({ items }) => items.map((item) => `${"-".repeat(item.depth)}${item.id}`));
const lineOf = (text: string, id: string) => text.split("\n").findIndex((line) => line.includes(`- id: ${id}`)) + 1;

describe("the outline of a flow", () => {
  it("lists what is in each section, and what is inside of tasks", () => {
    expect(ids(FLOW)).toEqual(["fetch", "each", "-inner", "last"]);
    const inner = outlineOf(FLOW)?.find(({ name }) => name === "tasks")?.items[2];
    expect(inner).toMatchObject({ line: 14, lastLine: 18, isFirst: true, isLast: true, fixed: false });
  });

  it("is not there for a text that can't be read", () => expect(outlineOf("tasks: [")).toBeUndefined());
});

describe("an item", () => {
  it("moves with its comments and blank lines stay where they are", () => {
    const { text, line } = withItemMoved(FLOW, lineOf(FLOW, "fetch"), 1);
    expect(ids(text)).toEqual(["each", "-inner", "fetch", "last"]);
    expect(text).toContain("  # first of all\n  - id: fetch\n    type: core.http.Download\n    uri: https://example.org # where\n");
    expect(line).toBe(lineOf(text, "fetch"));
    expect(withItemMoved(text, line, -1).text).toBe(FLOW);
  });

  it("does not move beyond the ends", () => {
    expect(withItemMoved(FLOW, lineOf(FLOW, "fetch"), -1).text).toBe(FLOW);
    expect(withItemMoved(FLOW, lineOf(FLOW, "last"), 1).text).toBe(FLOW);
  });

  it("moves at the end of a text without a last line break", () => {
    const { text } = withItemMoved("tasks:\n  - id: a\n  - id: b", 3, -1);
    expect(text).toBe("tasks:\n  - id: b\n  - id: a\n");
  });

  it("goes with its comments, and the last one with its list", () => {
    const without = withoutItem(FLOW, lineOf(FLOW, "fetch"));
    expect(ids(without)).toEqual(["each", "-inner", "last"]);
    expect(without).not.toContain("first of all");
    expect(without).toContain("# the end");
    const empty = withoutItem(FLOW, lineOf(FLOW, "inner"));
    expect(ids(empty)).toEqual(["fetch", "each", "last"]);
    expect(empty).not.toMatch(/tasks:\s*\n\s*\n?\s*- id: last/);
  });

  it("leaves the item before it whole, whose text may end with a #", () => {
    const text = "tasks:\n  - id: a\n    script: |\n      x\n      # done\n  - id: b\n";
    expect(withoutItem(text, 6)).toBe("tasks:\n  - id: a\n    script: |\n      x\n      # done\n");
    expect(withItemMoved(text, 6, -1).text).toBe("tasks:\n  - id: b\n  - id: a\n    script: |\n      x\n      # done\n");
    expect(withoutItem(text.replace("\n  - id: b", "\n  # of b\n  - id: b"), 7)).toBe(withoutItem(text, 6));
  });

  it("is put behind another one, as deep as that", () => {
    const { text, line } = withItem(FLOW, "tasks", "- id: more\n  type: core.log.Log", lineOf(FLOW, "inner"));
    expect(ids(text)).toEqual(["fetch", "each", "-inner", "-more", "last"]);
    expect(line).toBe(lineOf(text, "more"));
    expect(text).toContain("          two\n      - id: more\n        type: core.log.Log\n");
  });

  it("is put at the end of its section, before what follows", () => {
    const { text } = withItem(FLOW, "tasks", "- id: more");
    expect(text).toContain("    message: end\n\n  - id: more\n# the end\n");
  });

  it.each([
    ["id: a\nnamespace: b\n", "id: a\nnamespace: b\n\ntriggers:\n  - id: daily\n"],
    ["id: a\ntriggers: []\nlabels: {}\n", "id: a\ntriggers:\n  - id: daily\nlabels: {}\n"],
    ["id: a\ntriggers: [\n]\nlabels: {}\n", "id: a\ntriggers:\n  - id: daily\nlabels: {}\n"],
    ["id: a\ntriggers: # when\nlabels: {}\n", "id: a\ntriggers: # when\n  - id: daily\nlabels: {}\n"],
    ["id: a\ntriggers:", "id: a\ntriggers:\n  - id: daily\n"],
    ["id: a\ntriggers:\nlabels: {}\n", "id: a\ntriggers:\n  - id: daily\nlabels: {}\n"],
    ["", "triggers:\n  - id: daily\n"],
  ])("begins its section in %j", (text, expected) => expect(withItem(text, "triggers", "- id: daily").text).toBe(expected));

  it.each([
    ["tasks: [{id: a}]\n", 1],
    ["id: a\ntasks: [{id: a, type: X}]\n", 2],
    ["id: a\ntasks: {id: a}\n", 2],
    ["{id: a, tasks: []}\n", 1],
    ["id: a\ntasks:\n  - id: b\n    uri: [\nlabels: {}\n", 5],
  ])("is not put into %j", (text, line) => expect(withItem(text, "tasks", "- id: b")).toEqual({ text, line }));

  it("ends before the comments behind a key without a value", () => {
    const text = "tasks:\n  - id: a\n    url:\n  # of b\n  - id: b\n";
    expect(withoutItem(text, 2)).toBe("tasks:\n  # of b\n  - id: b\n");
    expect(withoutItem(text, 5)).toBe("tasks:\n  - id: a\n    url:\n");
  });

  it("gets an id that nobody has", () => {
    expect(freeId(FLOW, "fetch")).toBe("fetch_2");
    expect(freeId(FLOW, "send")).toBe("send");
  });
});
