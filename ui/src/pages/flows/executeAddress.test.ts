import { expect, test } from "vitest";
import { toInput } from "@/api/inputs";
import { toQuery, wantedIn, withoutWanted } from "@/pages/flows/executeAddress";

test("an address opens the form, filled", () => {
  expect(wantedIn({ "inputs.day": "2026-01-01", "inputs.a.b": ["1", "2"], labels: ["team:data", "x:y"], scheduleDate: "2026-12-01T00:00:00Z" })).toEqual({
    inputs: { day: "2026-01-01", "a.b": "1" },
    labels: ["team:data", "x:y"],
    scheduleDate: "2026-12-01T00:00:00Z",
  });
  expect(wantedIn({ execute: null })).toEqual({ inputs: {}, labels: [], scheduleDate: undefined });
});

test("labels alone are a filter of the page, and open nothing", () => expect(wantedIn({ labels: "a:b", tab: "logs" })).toBeUndefined());

test("what was for the form goes, the rest stays", () =>
  expect(withoutWanted({ execute: null, "inputs.day": "1", labels: "a:b", revision: "3" })).toEqual({ revision: "3" }));

test("a filled form is an address that fills it the same way; defaults, secrets and files are not in it", () => {
  const inputs = ["day", "same", "token", "data"].map((id) =>
    toInput({ id, type: id === "token" ? "SECRET" : id === "data" ? "FILE" : "STRING", defaults: id === "same" ? "s" : undefined }),
  );
  const query = toQuery(inputs, { day: "Monday", same: "s", token: "hidden", data: new File([], "x") }, ["a:b"], undefined);
  expect(query).toEqual({ execute: null, "inputs.day": "Monday", labels: ["a:b"] });
});
