import { expect, test } from "vitest";
import { toPluginDoc, toPluginGroup } from "@/api/plugins";
import { filterGroups, typesByKind } from "@/pages/plugins/pluginSearch";

const group = toPluginGroup({
  name: "core.http",
  tasks: [{ cls: "core.http.Request", title: "Sends a request" }, "core.http.Download"],
  triggers: ["core.http.Trigger"],
});

test("all words must be found, in name or title", () => {
  expect(filterGroups([group], "http sends").flatMap((found) => found.types.map((type) => type.type))).toEqual(["core.http.Request"]);
  expect(filterGroups([group], "ftp")).toEqual([]);
});

test("kinds without types are left out", () => expect(typesByKind(group).map(({ kind }) => kind)).toEqual(["task", "trigger"]));

test("required properties come first, and unions are spelled out", () => {
  const doc = toPluginDoc({
    schema: {
      properties: {
        required: ["b"],
        properties: { a: { type: "integer", default: 1 }, b: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }], $dynamic: true } },
      },
    },
  });
  expect(doc.properties).toMatchObject([
    { name: "b", type: "string or list of string", required: true, dynamic: true },
    { name: "a", type: "integer", default: "1", required: false },
  ]);
});
