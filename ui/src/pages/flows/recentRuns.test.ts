import { expect, test } from "vitest";
import { groupByFlow } from "@/pages/flows/recentRuns";
import { executionFactory } from "@/testing/executionFactory";

test("runs are read from left to right, oldest first, twenty at most", () => {
  const newestFirst = Array.from({ length: 30 }, (_, index) => executionFactory.succeeded({ id: String(30 - index) }));
  const runs = groupByFlow(newestFirst).get("company.team.report");
  expect(runs?.map((run) => run.id)).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 11)));
});
