import { expect, test } from "vitest";
import { neededFor, onlyFilters } from "@/api/operations";
import { actionText, parseLabels } from "@/components/bulk/bulkActions";

test("labels are divided at commas and at their first colon", () =>
  expect(parseLabels("team:data, url:http://x")).toEqual([
    { key: "team", value: "data" },
    { key: "url", value: "http://x" },
  ]));
test.each(["", "nocolon", ":x", "a:", "a:b, c"])("%j is no list of labels", (text) => expect(parseLabels(text)).toBeUndefined());
test("an action that the page doesn't know has no words", () => expect(actionText("flows", "paint")).toBeUndefined());
test("an act on many asks for what the act on one does", () => {
  expect(neededFor("flows", "delete")).toBe("FLOW:DELETE");
  expect(neededFor("executions", "replay")).toBe("EXECUTION:CREATE");
  expect(neededFor("triggers", "delete-backfill")).toBe("TRIGGER:UPDATE");
});
test("page and order are no filters", () =>
  expect(onlyFilters({ page: 2, size: 25, sort: "id:asc", "filters[state][IN]": "FAILED", q: "", labels: ["a:b"] })).toEqual({
    "filters[state][IN]": "FAILED",
    labels: ["a:b"],
  }));
