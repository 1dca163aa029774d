import { expect, test } from "vitest";
import { effectiveDefaults, effectiveVariables } from "@/pages/namespaces/effective";

test("of two variables with the same name the nearer one counts", () => {
  const found = effectiveVariables("a.b", { region: "eu", own: 1 }, [{ namespace: "a", value: { region: "us", bucket: "x" } }]);
  expect(found.map((one) => [one.name, one.value, one.namespace, one.hidden])).toEqual([
    ["bucket", "x", "a", false],
    ["own", 1, "a.b", false],
    ["region", "eu", "a.b", false],
    ["region", "us", "a", true],
  ]);
});

test("forced defaults come first, the farthest before the nearest", () => {
  const one = (type: string, forced: boolean) => ({ type, forced, values: {} });
  const found = effectiveDefaults(
    "a.b",
    [one("near", true), one("soft", false)],
    [
      { namespace: "a", value: [one("middle", true)] },
      { namespace: undefined, value: [one("instance", false)] },
    ],
  );
  expect(found.map((each) => [each.type, each.namespace])).toEqual([
    ["middle", "a"],
    ["near", "a.b"],
    ["soft", "a.b"],
    ["instance", undefined],
  ]);
});
