import { expect, test } from "vitest";
import { toInput } from "@/api/inputs";
import { initialValues, instantFromField, instantToField, localProblem, toForm } from "@/components/inputs/inputValues";

const input = (type: string, more = {}) => toInput({ id: "x", type, required: false, ...more });

test.each([
  ["INT", "12", undefined],
  ["INT", "1.5", "number"],
  ["FLOAT", "1.5", undefined],
  ["FLOAT", "many", "number"],
  ["JSON", '{"a":1}', undefined],
  ["JSON", "{a", "json"],
  ["ARRAY", "[1,2]", undefined],
  ["DURATION", "PT5M", undefined],
  ["DURATION", "5", "duration"],
  ["STRING", "", undefined],
])("%s %s: %s", (type, value, problem) => expect(localProblem(input(type), value)).toBe(problem));

test("a required input without a default must be given", () => {
  expect(localProblem(input("STRING", { required: true }), undefined)).toBe("missing");
  expect(localProblem(input("STRING", { required: true, defaults: "a" }), undefined)).toBeUndefined();
});

test("defaults fill the form; structured ones as JSON", () => {
  expect(
    initialValues([
      toInput({ id: "a", type: "STRING", defaults: "A" }),
      toInput({ id: "b", type: "JSON", defaults: { c: 1 } }),
      toInput({ id: "d", type: "BOOL" }),
      toInput({ id: "e", type: "BOOLEAN" }),
    ]),
  ).toEqual({
    a: "A",
    b: '{"c":1}',
    d: "false",
    e: undefined,
  });
});

test("only what is set is sent, files under the name of their input", () => {
  const file = new File(["1,2"], "data.csv");
  const inputs = [toInput({ id: "a", type: "STRING" }), toInput({ id: "b", type: "STRING" }), toInput({ id: "f", type: "FILE" })];
  const form = toForm(inputs, { a: "A", b: undefined, f: file }, true);
  expect([...form.keys()]).toEqual(["a", "f"]);
  expect((form.get("f") as File).name).toBe("data.csv");
  expect([...toForm(inputs, { f: file }, false).keys()]).toEqual([]);
});

test("an instant survives the way through the field", () => {
  const instant = "2026-07-01T10:00:00.000Z";
  expect(instantFromField(instantToField(instant))).toBe(instant);
});
