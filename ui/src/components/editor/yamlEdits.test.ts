import { expect, test } from "vitest";
import { isReadable, itemAt, withProperty } from "@/components/editor/yamlEdits";

const FLOW = `id: daily   # the name
namespace: company.team

tasks:
  # first of all
  - id: fetch
    type: core.http.Request
    uri: https://example.com   # where from

  - id: loop
    type: core.flow.ForEach
    values: [1, 2]
    tasks:
      - id: say
        type: core.log.Log
        message: "it's {{ taskrun.value }}"
`;
const lineOf = (words: string) => FLOW.split("\n").findIndex((line) => line.includes(words)) + 1;

test("the innermost task around a line is the one that is meant", () => {
  expect(itemAt(FLOW, lineOf("https:"))).toMatchObject({ id: "fetch", type: "core.http.Request", line: lineOf("id: fetch") });
  expect(itemAt(FLOW, lineOf("message:"))?.id).toBe("say");
  expect(itemAt(FLOW, lineOf("values:"))?.id).toBe("loop");
  expect(itemAt(FLOW, 1)).toBeUndefined();
});

test("plain values are told, others are left to the code", () => {
  const loop = itemAt(FLOW, lineOf("values:"));
  expect(loop?.properties.find((one) => one.name === "values")).toEqual({ name: "values", value: undefined, line: lineOf("values:") });
  expect(itemAt(FLOW, lineOf("message:"))?.properties.find((one) => one.name === "message")?.value).toBe("it's {{ taskrun.value }}");
});

test("a change touches its value only; comments and blank lines stay", () => {
  expect(withProperty(FLOW, lineOf("id: fetch"), "uri", "https://other.test", "text")).toBe(FLOW.replace("https://example.com", "https://other.test"));
});

test("a new property comes behind the last one, in its column", () => {
  const next = withProperty(FLOW, lineOf("id: fetch"), "timeout", "PT30S", "text");
  expect(next).toBe(FLOW.replace("   # where from\n", "   # where from\n    timeout: PT30S\n"));
  const last = withProperty(FLOW, lineOf("message:"), "level", "WARN", "text");
  expect(last).toBe(`${FLOW}        level: WARN\n`);
});

test("a property that is emptied goes with its line", () => {
  expect(withProperty(FLOW, lineOf("id: fetch"), "uri", "", "text")).toBe(FLOW.replace("    uri: https://example.com   # where from\n", ""));
  expect(withProperty(FLOW, lineOf("id: fetch"), "id", "", "text"), "the dash's line stays").toBe(FLOW);
});

test("texts are quoted where YAML would read them as something else; numbers and flags are bare", () => {
  const line = lineOf("id: fetch");
  expect(withProperty(FLOW, line, "method", "true", "text")).toContain('method: "true"');
  expect(withProperty(FLOW, line, "allowFailure", "true", "bare")).toContain("allowFailure: true\n");
  expect(withProperty(FLOW, line, "body", "{{ inputs.a }}", "text")).toContain('body: "{{ inputs.a }}"');
});

test("a flow in braces is edited inside of them", () => {
  const text = "tasks:\n  - {id: a, type: core.log.Log, message: hello}\n";
  expect(withProperty(text, 2, "level", "WARN", "text")).toBe("tasks:\n  - {id: a, type: core.log.Log, message: hello, level: WARN}\n");
  expect(withProperty(text, 2, "message", "bye", "text")).toBe("tasks:\n  - {id: a, type: core.log.Log, message: bye}\n");
});

test("a text that is no YAML has no items and is left alone", () => {
  const broken = "tasks:\n  - id: a\n   type: core.log.Log\n";
  expect(isReadable(broken)).toBe(false);
  expect(itemAt(broken, 2)).toBeUndefined();
  expect(withProperty(broken, 2, "message", "x", "text")).toBe(broken);
});
