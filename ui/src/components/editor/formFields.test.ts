import { expect, test } from "vitest";
import type { Property } from "@/api/plugins";
import { fieldsOf } from "@/components/editor/formFields";

const property = (name: string, part: Partial<Property> = {}): Property => ({
  name,
  type: "string",
  description: undefined,
  required: false,
  dynamic: true,
  deprecated: false,
  default: undefined,
  choices: [],
  ...part,
});

test("what is required or set comes first, and what every task has waits for a search", () => {
  const fields = fieldsOf(
    [property("runIf"), property("body"), property("retry"), property("uri", { required: true }), property("id", { required: true }), property("type")],
    [{ name: "retry", value: undefined, line: 7 }],
  );
  expect(fields.map((field) => field.name)).toEqual(["id", "uri", "retry", "runIf", "body"]);
  expect(fields.filter((field) => field.first).map((field) => field.name)).toEqual(["id", "uri", "retry", "body"]);
});

test("the kind of a field follows from the schema and from what is written", () => {
  const kinds = fieldsOf(
    [
      property("a", { type: "boolean" }),
      property("b", { choices: ["GET", "POST"] }),
      property("c", { type: "integer" }),
      property("d", { type: "list of string" }),
      property("e", { type: "string or list of string" }),
      property("f"),
    ],
    [{ name: "f", value: undefined, line: 3 }],
  );
  expect(Object.fromEntries(kinds.map((field) => [field.name, field.kind]))).toEqual({ a: "flag", b: "choice", c: "number", d: "code", e: "text", f: "code" });
});

test("a deprecated property is offered to nobody who does not have it", () => {
  expect(fieldsOf([property("old", { deprecated: true })], [])).toEqual([]);
  expect(fieldsOf([property("old", { deprecated: true })], [{ name: "old", value: "1", line: 2 }])).toHaveLength(1);
});
