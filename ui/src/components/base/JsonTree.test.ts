import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import JsonTree from "@/components/base/JsonTree.vue";

test("nested values unfold on demand", async () => {
  const tree = mount(JsonTree, { props: { value: { outer: { inner: 1 }, other: true } } });
  expect(tree.text()).not.toContain("inner");
  await tree.get("[aria-expanded=false]").trigger("click");
  expect(tree.text()).toContain("inner");
});

test("a long list shows its beginning and offers the rest", () => {
  const tree = mount(JsonTree, { props: { value: Array.from({ length: 250 }, (_, index) => index) } });
  expect(tree.findAll(".leaf")).toHaveLength(100);
  expect(tree.get("button.line.more").text()).toBe("Show 100 more");
});

test("null, empty lists and files are told apart from text", async () => {
  const tree = mount(JsonTree, { props: { value: { nothing: null, list: [], file: "kestra:///a/b.csv", text: "b.csv" } } });
  expect(tree.find(".value.null").text()).toBe("null");
  await tree.get("button.file").trigger("click");
  expect(tree.emitted("file")).toEqual([["kestra:///a/b.csv"]]);
});
