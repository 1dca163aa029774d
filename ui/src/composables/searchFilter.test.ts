import { expect, test } from "vitest";
import { emptyFilter, fromAddress, fromConditions, isNarrowed, parseLabel, toAddress, toConditions } from "@/composables/searchFilter";
import { printFilter } from "@/filter/condition";
import { parseFilter } from "@/filter/parse";

test("the flat form of old bookmarks is read", () => {
  const filter = fromAddress({
    namespace: "company.team",
    state: ["FAILED", "KILLED"],
    timeRange: "PT24H",
    labels: "team:data",
    q: "word",
    sort: "state.startDate:desc",
    page: "2",
    size: "50",
  });
  expect(filter).toMatchObject({
    namespace: "company.team",
    states: ["FAILED", "KILLED"],
    timeRange: "PT24H",
    labels: [{ key: "team", value: "data" }],
    text: "word",
    sort: "state.startDate:desc",
    page: 2,
    size: 50,
  });
});

test("the bracket form is read", () => {
  const filter = fromAddress({ "filters[state][IN]": "FAILED,KILLED", "filters[labels][EQUALS][url]": "http://x", "filters[namespace][PREFIX]": "a.b" });
  expect(filter).toMatchObject({ states: ["FAILED", "KILLED"], labels: [{ key: "url", value: "http://x" }], namespace: "a.b" });
});

test("what is written to the address is read as the same", () => {
  const filter = {
    ...emptyFilter(),
    text: "x",
    states: ["PAUSED" as const],
    labels: [{ key: "a", value: "b:c" }],
    from: new Date("2026-01-01T00:00:00Z"),
    level: "WARN" as const,
    page: 3,
    sort: "id:asc",
  };
  expect(fromAddress(toAddress(filter))).toEqual(filter);
});

test("filters that nobody knows are named, not dropped", () => expect(fromAddress({ "filters[colour][EQUALS]": "red" }).unknown).toEqual(["colour"]));
test("nonsense in the address does no harm", () =>
  expect(fromAddress({ page: "-1", state: "NOPE", startDate: "soon", sort: ["a", "b"] })).toEqual(emptyFilter()));
test("page and order don't narrow", () => expect(isNarrowed({ ...emptyFilter(), page: 4, sort: "id:asc" })).toBe(false));
test("only the first colon divides a label", () => expect(parseLabel("url:http://x")).toEqual({ key: "url", value: "http://x" }));
test.each(["nocolon", ":x", "x:"])("%s is no label", (text) => expect(parseLabel(text)).toBeUndefined());

test("text, controls and address are one and the same", () => {
  const text = 'state in (FAILED, KILLED) and namespace under a.b and labels.team = "x y" and inputs.day starts with 2026 and flowId not in (p, q)';
  const { conditions } = parseFilter(text, "executions");
  const filter = fromConditions(conditions);
  expect(filter).toMatchObject({ states: ["FAILED", "KILLED"], namespace: "a.b", labels: [{ key: "team", value: "x y" }] });
  expect(filter.more.map((one) => one.field)).toEqual(["inputs", "flowId"]);
  expect(fromAddress(toAddress(filter))).toEqual(filter);
  expect(printFilter(toConditions(filter))).toBe(text);
});

test("a comparison that no control has stays a condition", () =>
  expect(fromAddress({ "filters[state][NOT_IN]": "FAILED", "filters[namespace][EQUALS]": "a" })).toMatchObject({
    states: [],
    namespace: "",
    more: [
      { field: "state", operation: "NOT_IN", values: ["FAILED"] },
      { field: "namespace", operation: "EQUALS", values: ["a"] },
    ],
  }));

test.each(["scope = USER", "scope != USER", "scope = SYSTEM"])("%s narrows, and stays a condition", (text) => {
  const filter = fromConditions(parseFilter(text, "executions").conditions);
  expect(isNarrowed(filter)).toBe(true);
  expect(printFilter(toConditions(fromAddress(toAddress(filter))))).toBe(text);
});
