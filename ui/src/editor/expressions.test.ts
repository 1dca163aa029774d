import { describe, expect, it } from "vitest";
import { explain, suggestionsAt, type ExpressionSources } from "@/editor/expressionSuggestions";
import { openExpression, placeIn } from "@/editor/expressionText";
import { scopeAt } from "@/editor/flowScope";

const FLOW = `id: report
namespace: company.sales
variables:
  bucket: reports
inputs:
  - id: day
    type: DATE
    description: The day to report
tasks:
  - id: fetch
    type: io.kestra.plugin.core.http.Download
    uri: https://example.org
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [1, 2]
    tasks:
      - id: inner
        type: io.kestra.plugin.core.log.Log
        message: "HERE"
  - id: after-all
    type: io.kestra.plugin.core.log.Log
    message: "THERE"
triggers:
  - id: daily
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "0 6 * * *"
`;
const property = (name: string) => ({
  name,
  type: "string",
  description: `What ${name} is`,
  required: false,
  dynamic: true,
  deprecated: false,
  default: undefined,
  choices: [],
});
const sources: ExpressionSources = {
  words: [
    { kind: "filter", name: "upper", parameters: "", description: "In upper case" },
    { kind: "filter", name: "date", parameters: "format='iso', timeZone=", description: "The date as text" },
    { kind: "filter", name: "default", parameters: "value", description: "Instead of nothing" },
    { kind: "function", name: "now", parameters: "format=", description: "The present" },
    { kind: "test", name: "empty", parameters: "", description: "Nothing in it" },
  ],
  outputsOf: async (type) => (type.endsWith("Download") ? [property("uri"), property("code")] : type.endsWith("Schedule") ? [property("date")] : []),
};
const at = (word: string) => scopeAt(FLOW, FLOW.indexOf(word));
async function offered(written: string, where = "THERE"): Promise<string[]> {
  const place = placeIn(written);
  return place === undefined ? [] : (await suggestionsAt(place, at(where), sources)).map((one) => one.label);
}

describe("the place in an expression", () => {
  it.each([
    ["message: {{ inp", { kind: "start", path: [], word: "inp" }],
    ["{{ a }} and {{ inputs.", { kind: "member", path: ["inputs"], word: "" }],
    ["{{ outputs['my task'].ur", { kind: "member", path: ["outputs", "my task"], word: "ur" }],
    ["{{ outputs.fetch.uri | up", { kind: "filter", path: [], word: "up" }],
    ["{{ x is not em", { kind: "test", path: [], word: "em" }],
    ["{{ now(", { kind: "start", path: [], word: "" }],
    ["{% if inputs.day == va", { kind: "start", path: [], word: "va" }],
  ])("of %j", (before, place) => expect(placeIn(before)).toEqual(place));

  it.each(["plain text", "{{ done }} behind", "{{ 'a text with inputs.", "{{ inputs.day ", "{{ 3."])("nothing is offered behind %j", (before) =>
    expect(placeIn(before)).toBeUndefined(),
  );

  it("goes over lines", () => expect(openExpression("x: |\n  {{ a\n   | ")).toBe(" a\n   | "));
});

describe("what an expression can speak of", () => {
  it("the flow's inputs, variables, and the tasks before", async () => {
    expect(await offered("{{ inputs.")).toEqual(["day"]);
    expect(await offered("{{ vars.")).toEqual(["bucket"]);
    expect(await offered("{{ outputs.")).toEqual(["fetch", "each", "inner"]);
    expect(await offered("{{ outputs.", "HERE")).toEqual(["fetch"]);
  });

  it("outputs by the type of the task, and of the triggers", async () => {
    expect(await offered("{{ outputs.fetch.")).toEqual(["uri", "code"]);
    expect(await offered("{{ trigger.")).toEqual(["date"]);
  });

  it("what stands around only inside of others", async () => {
    expect(await offered("{{ par", "HERE")).toContain("parents");
    expect(await offered("{{ par")).not.toContain("parents");
  });

  it("is read from a text that is broken just now", () => {
    const broken = `${FLOW.slice(0, FLOW.indexOf("triggers:"))}  - id: last\n    type: x.Y\n    message: {{ outputs.`;
    expect(scopeAt(broken, broken.length).tasks.map((one) => one.id)).toEqual(["fetch", "each", "inner", "after-all"]);
  });

  it("filters come without brackets when they need none", async () => {
    const found = await suggestionsAt({ kind: "filter", path: [], word: "" }, at("THERE"), sources);
    expect(found.map((one) => one.insert)).toEqual(["upper", "date", "default($0)"]);
  });

  it("an id that is no word goes into brackets", async () => {
    const scope = scopeAt(FLOW, FLOW.length);
    const found = await suggestionsAt({ kind: "member", path: ["outputs"], word: "" }, scope, sources);
    expect(found.find((one) => one.label === "after-all")?.insert).toBe("['after-all']");
  });

  it("a word is explained", async () => {
    expect((await explain({ kind: "filter", path: [], word: "upper" }, at("THERE"), sources))?.description).toBe("In upper case");
    expect((await explain({ kind: "member", path: ["inputs"], word: "day" }, at("THERE"), sources))?.description).toBe("The day to report");
    expect(await explain({ kind: "member", path: ["inputs"], word: "night" }, at("THERE"), sources)).toBeUndefined();
  });
});
