import { expect, test } from "vitest";
import { printFilter, toParameter, type Condition } from "@/filter/condition";
import { completeFilter } from "@/filter/complete";
import { parseFilter } from "@/filter/parse";

const parse = (text: string) => {
  const { conditions, mistake } = parseFilter(text, "executions");
  expect(mistake).toBeUndefined();
  return conditions;
};
const texts = (text: string, cursor = text.length) =>
  completeFilter(text, cursor, "executions", (field, key) =>
    field === "namespace" ? ["company.team"] : field === "labels" && key === undefined ? ["team"] : [],
  ).suggestions.map((one) => one.text);

test("conditions are read", () =>
  expect(parse("state in (FAILED, killed) and labels.team = data flowId starts with load")).toEqual([
    { field: "state", operation: "IN", key: undefined, values: ["FAILED", "KILLED"] },
    { field: "labels", operation: "EQUALS", key: "team", values: ["data"] },
    { field: "flowId", operation: "STARTS_WITH", key: undefined, values: ["load"] },
  ]));

test("words without an operator are searched for", () =>
  expect(parse('nightly "two words"').map((one) => [one.field, ...one.values])).toEqual([
    ["q", "nightly"],
    ["q", "two words"],
  ]));

test("a range may be short, a day is the reader's", () => {
  const [range, start] = parse("timeRange = 24h and startDate >= 2026-01-31");
  expect(range?.values).toEqual(["PT24H"]);
  expect(start?.values).toEqual([new Date("2026-01-31T00:00").toISOString()]);
});

test.each([
  ["state = FAILED and labels.team != data", 2],
  ["namespace under company.team and inputs.day matches ^2026", 2],
  ['labels."a key" contains "x y"', 1],
  ['flowId not in (a, "b c")', 1],
  ['"free \\"text\\""', 1],
])("%s is written as it was read", (text, count) => {
  const conditions = parse(text);
  expect(conditions).toHaveLength(count);
  expect(parse(printFilter(conditions))).toEqual(conditions);
});

test.each([
  ["colour = red", "field", 0, 6],
  ["state ~ FAILED", "operator", 6, 7],
  ["state > FAILED", "notHere", 6, 7],
  ["state = PURPLE", "word", 8, 14],
  ["state =", "value", 7, 7],
  ["state in FAILED", "list", 9, 15],
  ["state in (FAILED", "list", 16, 16],
  ["labels = x", "key", 0, 6],
  ["flowId contains a and flowId contains b", "twice", 22, 28],
  ["state = FAILED or state = KILLED", "or", 15, 17],
  ['flowId = "open', "quote", 9, 14],
  ["startDate > soon", "date", 12, 16],
  ["timeRange = long", "duration", 12, 16],
  ["state = FAILED and", "field", 18, 18],
])("%s: mistake %s from %d to %d", (text, code, from, to) => expect(parseFilter(text, "executions").mistake).toMatchObject({ code, from, to }));

test("any mistake has a place within the text, whatever is typed", () => {
  const pieces = ["state", "labels.", "in", "(", ")", ",", "=", '"', "not", "and", "or", "x", ">=", "starts", "\\"];
  for (let seed = 0; seed < 3000; ++seed) {
    let rest = seed * 7919;
    let text = "";
    for (let i = 0; i < 5; ++i, rest = Math.floor(rest / 3)) text += `${pieces[rest % pieces.length] ?? ""}${rest % 2 === 0 ? " " : ""}`;
    const { mistake } = parseFilter(text, "executions");
    if (mistake === undefined) continue;
    expect(mistake.from, text).toBeGreaterThanOrEqual(0);
    expect(mistake.to, text).toBeLessThanOrEqual(text.length);
    expect(mistake.to, text).toBeGreaterThanOrEqual(mistake.from);
  }
});

test("a list goes as one parameter, unless a value holds a comma", () => {
  const list = (values: string[]): Condition => ({ field: "flowId", operation: "NOT_IN", key: undefined, values });
  expect(toParameter(list(["a", "b"]))).toEqual({ name: "filters[flowId][NOT_IN]", values: ["a,b"] });
  expect(toParameter(list(["a,b", "c"]))).toEqual({ name: "filters[flowId][NOT_EQUALS]", values: ["a,b", "c"] });
});

test("completion offers what may come next", () => {
  expect(texts("sta")).toEqual(["state", "startDate", "taskState"].filter((one) => one.startsWith("sta")).concat("taskState"));
  expect(texts("state ")).toEqual(["=", "!=", "in", "not in"]);
  expect(texts("state = FA")).toEqual(["FAILED"]);
  expect(texts("state in (FAILED")).toEqual([]);
  expect(texts("state in (FAILED ")).toEqual([",", ")"]);
  expect(texts("namespace = comp")).toEqual(["company.team"]);
  expect(texts("labels.t")).toEqual(["labels.team"]);
  expect(texts("state = FAILED ")).toEqual(["and"]);
  expect(texts("state = FAILED and fl")).toEqual(["flowId"]);
});
