import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import type { Problem } from "@/api/flows";
import ProblemList from "@/components/editor/ProblemList.vue";

const problem = (part: Partial<Problem>): Problem => ({
  severity: "error",
  message: "wrong",
  path: undefined,
  line: undefined,
  column: undefined,
  endLine: undefined,
  endColumn: undefined,
  ...part,
});
const list = (problems: Problem[], more = {}) => mount(ProblemList, { props: { problems, checking: false, failure: "", ...more } });

test("nothing wrong is said, too", () => expect(list([]).text()).toBe("No problems"));
test("while the server looks, nothing is claimed", () => expect(list([], { checking: true }).text()).toBe("Checking"));
test("a check that failed is no clean bill", () => expect(list([], { failure: "HTTP 500" }).text()).toContain("HTTP 500"));

test("problems stand in the order of the text and lead there", async () => {
  const shown = list([problem({ line: 9, column: 3, message: "later" }), problem({ line: 2, column: 1, message: "earlier" })]);
  expect(shown.findAll("[data-testid=problem]").map((row) => row.text())).toEqual([expect.stringContaining("2:1"), expect.stringContaining("9:3")]);
  await shown.get("[data-testid=problem]").trigger("click");
  expect(shown.emitted("goto")).toEqual([[2, 1]]);
});

test("what has no place can't be clicked", () =>
  expect(
    list([problem({})])
      .find("button")
      .exists(),
  ).toBe(false));
