import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import { INPUT_TYPES, toInput, type Input } from "@/api/inputs";
import InputForm from "@/components/inputs/InputForm.vue";
import type { InputValues } from "@/components/inputs/inputValues";

const form = (inputs: Input[], modelValue: InputValues = {}, more = {}) =>
  mount(InputForm, { props: { inputs, modelValue, errors: {}, touched: new Set<string>(), ...more }, global: { stubs: { TooltipRoot: true } } });

test.each(INPUT_TYPES)("%s has a control that its label belongs to", (type) => {
  const shown = form([toInput({ id: "x", type, values: ["a", "b"], itemType: "INT" })]);
  expect(shown.get("label").attributes("for")).toBe("input-x");
  expect(shown.find("#input-x, [aria-labelledby='input-x-label']").exists()).toBe(true);
});

test("what is typed is handed out as text", async () => {
  const shown = form([toInput({ id: "x", type: "INT" })]);
  await shown.get("input").setValue("7");
  expect(shown.emitted("update:modelValue")).toEqual([[{ x: "7" }]]);
});

test("several choices become a JSON list", async () => {
  const shown = form([toInput({ id: "x", type: "MULTISELECT", values: ["a", "b"] })], { x: '["a"]' });
  await shown.findAll("input")[1]?.setValue(true);
  expect(shown.emitted("update:modelValue")).toEqual([[{ x: '["a","b"]' }]]);
});

test("errors wait until somebody has been at the field", async () => {
  const inputs = [toInput({ id: "x", type: "INT" })];
  const shown = form(inputs, { x: "many" });
  expect(shown.find("[data-testid=input-error]").exists()).toBe(false);
  await shown.setProps({ touched: new Set(["x"]) });
  expect(shown.get("[data-testid=input-error]").text()).toBe("This is not a number");
  expect(shown.get("input").attributes("aria-invalid")).toBe("true");
});

test("the server's word is shown at the field", () => {
  const shown = form([toInput({ id: "x", type: "STRING" })], { x: "v" }, { touched: new Set(["x"]), errors: { x: ["it must match"] } });
  expect(shown.get("[data-testid=input-error]").text()).toBe("it must match");
});
