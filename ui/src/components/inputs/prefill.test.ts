import { expect, test } from "vitest";
import { toInput } from "@/api/inputs";
import { givenIn, hasValue, valuesFrom } from "@/components/inputs/prefill";

const inputs = [
  toInput({ id: "name", type: "STRING" }),
  toInput({ id: "count", type: "INT" }),
  toInput({ id: "rows", type: "JSON" }),
  toInput({ id: "sure", type: "BOOLEAN" }),
  toInput({ id: "deep.inside", type: "STRING" }),
  toInput({ id: "data", type: "FILE" }),
  toInput({ id: "token", type: "SECRET" }),
];

test("values of an execution become what the form holds", () => {
  expect(valuesFrom(inputs, { name: "Ada", count: 0, rows: [{ a: 1 }], sure: false, deep: { inside: "here" } })).toEqual({
    name: "Ada",
    count: "0",
    rows: '[{"a":1}]',
    sure: "false",
    "deep.inside": "here",
  });
});

test("files, secrets and what the flow does not ask for are left out", () => {
  expect(valuesFrom(inputs, { data: "kestra:///x", token: "******", other: 1, name: null })).toEqual({});
});

test("an address names an input with its dot", () => {
  expect(valuesFrom(inputs, { "deep.inside": "by address" })).toEqual({ "deep.inside": "by address" });
  expect(hasValue({ deep: { inside: 0 } }, "deep.inside")).toBe(true);
  expect(hasValue({ deep: 1, name: null }, "deep.inside")).toBe(false);
  expect(hasValue({ name: null }, "name")).toBe(false);
});

test.each([
  ['{"a":1}', { a: 1 }],
  ["[1]", undefined],
  ["null", undefined],
  ["{a:1}", undefined],
])("%s pasted", (text, given) => expect(givenIn(text)).toEqual(given));
