import { expect, test } from "vitest";
import { partsOf, toValidation } from "@/api/flows";

test("each violation keeps its place", () => {
  const { problems } = toValidation({ constraints: "x", violations: [{ message: "Invalid type: a.B", path: "tasks[0].type", line: 12, column: 5 }] });
  expect(problems).toMatchObject([{ severity: "error", message: "Invalid type: a.B", line: 12, column: 5 }]);
});

test("without places the text of the constraints is shown line by line", () => {
  expect(toValidation({ constraints: "first\nsecond" }).problems.map((problem) => problem.message)).toEqual(["first", "second"]);
});

test("no constraints: nothing is wrong", () => expect(toValidation({ outdated: false })).toEqual({ problems: [], outdated: false }));

test("what was found in a line stands between its marks; marks in a flow's own text are text", () => {
  expect(partsOf("type: [mark]core.log[/mark].Log")).toEqual([
    { text: "type: ", hit: false },
    { text: "core.log", hit: true },
    { text: ".Log", hit: false },
  ]);
  expect(partsOf("[mark]a[/mark]")).toEqual([{ text: "a", hit: true }]);
  expect(partsOf("say [/mark]")).toEqual([{ text: "say [/mark]", hit: false }]);
});
