import { expect, test } from "vitest";
import { treeOf } from "@/pages/namespaces/namespaceTree";

test("namespaces stand below those whose name they begin with", () => {
  const [company, other] = treeOf(["company.sales", "other", "company", "company.sales.eu"]);
  expect(company).toMatchObject({ id: "company", children: [{ name: "sales", children: [{ id: "company.sales.eu", name: "eu" }] }] });
  expect(other).toMatchObject({ id: "other", children: [] });
});

test("one without its parent stands at the top, and a similar name is no parent", () => {
  expect(treeOf(["a", "ab.c"]).map((node) => node.name)).toEqual(["a", "ab.c"]);
});
