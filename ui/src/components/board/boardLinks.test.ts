import { expect, test } from "vitest";
import type { State } from "@/api/states";
import { executionsOf, successRatio } from "@/components/board/boardLinks";

const numbers = (counts: [State, number][]) => ({ counts: new Map(counts), total: 0, durationsMs: { p50: undefined, p95: undefined } });

test("only what is over counts for the success ratio", () => {
  expect(
    successRatio(
      numbers([
        ["SUCCESS", 8],
        ["WARNING", 1],
        ["FAILED", 1],
        ["RUNNING", 40],
      ]),
    ),
  ).toBe(0.9);
  expect(successRatio(numbers([["RUNNING", 3]]))).toBeUndefined();
});

test("a number of a namespace leads to executions of it and of those below", () => {
  expect(executionsOf({ namespace: "company" }, { from: new Date("2026-11-30T10:00:00Z"), states: ["FAILED"] })).toEqual({
    name: "executions",
    query: {
      "filters[state][IN]": "FAILED",
      "filters[startDate][GREATER_THAN_OR_EQUAL_TO]": "2026-11-30T10:00:00.000Z",
      "filters[namespace][PREFIX]": "company",
    },
  });
});

test("a number of a flow leads to the flow's own executions", () => {
  expect(executionsOf({ namespace: "company", flowId: "report" })).toEqual({
    name: "flow",
    params: { namespace: "company", id: "report", tab: "executions" },
    query: {},
  });
});
