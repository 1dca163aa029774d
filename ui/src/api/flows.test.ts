import { expect, test } from "vitest";
import { toValidation } from "@/api/flows";

test("each violation keeps its place", () => {
  const { problems } = toValidation({ constraints: "x", violations: [{ message: "Invalid type: a.B", path: "tasks[0].type", line: 12, column: 5 }] });
  expect(problems).toMatchObject([{ severity: "error", message: "Invalid type: a.B", line: 12, column: 5 }]);
});

test("without places the text of the constraints is shown line by line", () => {
  expect(toValidation({ constraints: "first\nsecond" }).problems.map((problem) => problem.message)).toEqual(["first", "second"]);
});

test("no constraints: nothing is wrong", () => expect(toValidation({ outdated: false })).toEqual({ problems: [], outdated: false }));
