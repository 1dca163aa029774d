import { expect, test } from "vitest";
import { segmentsOf, withoutEscapes } from "@/format/ansi";

test("colours last until they are reset", () => {
  const segments = segmentsOf("a \u001b[1;32mgood\u001b[0m day", "");
  expect(segments.map(({ text, classes }) => [text, classes])).toEqual([
    ["a ", []],
    ["good", ["ansi-bold", "ansi-green"]],
    [" day", []],
  ]);
});

test("a later colour replaces the earlier one", () => expect(segmentsOf("\u001b[31m\u001b[94mx", "")[0]?.classes).toEqual(["ansi-blue"]));

test("links lead somewhere, without the full stop behind them", () => {
  expect(segmentsOf("see https://a.example/b?c=1.", "").map((segment) => segment.link)).toEqual([undefined, "https://a.example/b?c=1", undefined]);
});

test("an execution that a line names is a link to it", () => {
  const [text, link] = segmentsOf('Created new execution [[link execution="0356um" flowId="child" namespace="company.data"]]', "");
  expect(text?.text).toBe("Created new execution ");
  expect(link).toMatchObject({ text: "company.data.child 0356um", link: "/ui/executions/company.data/child/0356um" });
});

test("what is searched for is marked whatever its case", () => {
  expect(segmentsOf("Error: no ERROR", "error").filter((segment) => segment.mark)).toHaveLength(2);
});

test("other escapes vanish, and markup stays text", () => {
  expect(withoutEscapes("\u001b[2K\u001b[32m<b>ok</b>\u001b[0m")).toBe("<b>ok</b>");
});
