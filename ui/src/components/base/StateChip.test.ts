import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import { STATES } from "@/api/states";
import StateChip from "@/components/base/StateChip.vue";

test.each([...STATES, "UNKNOWN" as const])("%s has a word, an icon and a colour", (state) => {
  const chip = mount(StateChip, { props: { state } });
  expect(chip.text()).not.toBe("");
  expect(chip.find("svg").attributes("aria-hidden")).toBe("true");
  expect(chip.attributes("style")).toContain("background");
});
