import { expect, test } from "vitest";
import { linkToLine } from "@/components/logs/linkToLine";

test("a line leads to the logs of its execution", () => {
  expect(linkToLine({ namespace: "a.b", flowId: "f", executionId: "e1" })).toEqual({
    name: "execution",
    params: { namespace: "a.b", flowId: "f", id: "e1", tab: "logs" },
  });
});

test("a line of a trigger leads to the flow's triggers", () => {
  expect(linkToLine({ namespace: "a.b", flowId: "f", executionId: "" })).toEqual({ name: "flow", params: { namespace: "a.b", id: "f", tab: "triggers" } });
});
