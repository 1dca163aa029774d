import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import { TooltipProvider } from "reka-ui";
import { defineComponent, h } from "vue";
import { toDay } from "@/api/stats";
import StackedBars from "@/components/charts/StackedBars.vue";

const days = [
  toDay({ startDate: "2026-11-23T00:00:00Z", executionCounts: { SUCCESS: 6, FAILED: 2, RUNNING: 0 } }),
  toDay({ startDate: "2026-11-24T00:00:00Z", executionCounts: {} }),
];
const chart = () => {
  const props = { title: "Executions", period: "2 days", days, timeStyle: { language: "en-GB", timeZone: "UTC" }, linkOf: () => ({ name: "executions" }) };
  return mount(defineComponent(() => () => h(TooltipProvider, () => h(StackedBars, props))));
};

test("each bar says what it counts", () => {
  expect(
    chart()
      .findAll("a")
      .map((bar) => bar.attributes("aria-label")),
  ).toEqual(["23 Nov: Success 6, Failed 2", "24 Nov: nothing ran"]);
});

test("the numbers come as a table, too", async () => {
  const shown = chart();
  await shown.get("button").trigger("click");
  expect(shown.findAll("tbody tr")[0]?.text()).toBe("23 Nov628");
});
