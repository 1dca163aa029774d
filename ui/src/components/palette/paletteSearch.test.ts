import { expect, test } from "vitest";
import { best, looksLikeExecution, score } from "@/components/palette/paletteSearch";
import { targetsHere } from "@/components/palette/targetsHere";

const target = (text: string, hint = "") => ({ text, hint });

test("beginnings of words come before middles, middles before scattered letters", () => {
  const found = best([target("reload_all"), target("daily_load"), target("list_of_all_data"), target("nothing")], "load", 10);
  expect(found.map((one) => one.text)).toEqual(["daily_load", "reload_all", "list_of_all_data"]);
});

test("letters must come in this order", () => {
  expect(score("executions", "exc")).toBeDefined();
  expect(score("executions", "xe")).toBeDefined();
  expect(score("executions", "zx")).toBeUndefined();
});

test("a hint is enough, but counts less than a name", () => {
  const found = best([target("report", "company.sales"), target("sales_report", "company.team")], "sales", 10);
  expect(found.map((one) => one.text)).toEqual(["sales_report", "report"]);
});

test("ids of executions are told from words", () => {
  expect(looksLikeExecution("01KDB4v8mPxZaBcDeFgHiJ")).toBe(true);
  expect(looksLikeExecution("load data")).toBe(false);
  expect(looksLikeExecution("load")).toBe(false);
});

test("an open execution offers what can be done with it, and a flow its parts", () => {
  const execution = { name: "execution", params: { namespace: "company", flowId: "load", id: "abc" }, query: { level: "WARN" }, fullPath: "/" };
  const targets = targetsHere(execution);
  expect(targets.find(({ key }) => key === "here action restart")?.to).toMatchObject({ params: { id: "abc" }, query: { level: "WARN", action: "restart" } });
  expect(targets.find(({ key }) => key === "here edit flow")?.to).toMatchObject({ name: "flow", params: { id: "load", tab: "edit" } });
  const flow = { name: "flow", params: { namespace: "company", id: "load" }, query: {}, fullPath: "/" };
  expect(targetsHere(flow).find(({ key }) => key === "here execute")?.to).toMatchObject({ query: { execute: null } });
  expect(targetsHere({ ...flow, name: "logs" })).toEqual([]);
  expect(new Set(targets.map(({ key }) => key)).size).toBe(targets.length);
});
