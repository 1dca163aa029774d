import { expect, test } from "vitest";
import type { Problem } from "@/api/flows";
import { fixOf, withFix } from "@/components/editor/quickFix";

const TEXT = "id: a\ntasks:\n  - id: b\n    mesage: hello\n";
const problem = (part: Partial<Problem>): Problem => ({
  severity: "error",
  message: `Unrecognized field "mesage"; did you mean 'message'? (2 known)`,
  path: "tasks[0].mesage",
  line: 4,
  column: 5,
  endLine: undefined,
  endColumn: undefined,
  ...part,
});

test("a misspelt property is mended in its place", () => {
  const fix = fixOf(problem({}), TEXT);
  expect(fix).toEqual({ line: 4, column: 5, wrong: "mesage", right: "message" });
  if (fix !== undefined) expect(withFix(TEXT, fix)).toBe(TEXT.replace("mesage", "message"));
});

test.each([
  ["the server has no guess", { message: "must not be null" }],
  ["the problem has no place", { line: undefined }],
  ["something else stands there by now", { line: 3 }],
  ["it is about something at another place", { path: "tasks[0].other" }],
])("nothing is offered when %s", (_, part) => expect(fixOf(problem(part), TEXT)).toBeUndefined());
