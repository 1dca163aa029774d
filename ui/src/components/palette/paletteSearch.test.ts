import { expect, test } from "vitest";
import { best, looksLikeExecution, score } from "@/components/palette/paletteSearch";

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
