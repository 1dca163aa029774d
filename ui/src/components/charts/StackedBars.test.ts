import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import { TooltipProvider } from "reka-ui";
import { defineComponent, h } from "vue";
import type { State } from "@/api/states";
import StackedBars from "@/components/charts/StackedBars.vue";

const bar = (at: string, counts: [State, number][]) => ({
  at: new Date(at),
  counts: new Map(counts),
  total: counts.reduce((sum, [, count]) => sum + count, 0),
});
const bars = [
  bar("2026-11-23T00:00:00Z", [
    ["SUCCESS", 6],
    ["FAILED", 2],
  ]),
  bar("2026-11-24T00:00:00Z", []),
];
const chart = () => {
  const props = {
    title: "Executions",
    period: "2 days",
    bars,
    unit: "day" as const,
    timeStyle: { language: "en-GB", timeZone: "UTC" },
    linkOf: ({ at }: { at: Date }, state?: State) => `/day/${at.getUTCDate()}/${state ?? ""}`,
  };
  return mount(defineComponent(() => () => h(TooltipProvider, () => h(StackedBars, props))));
};

test("each bar says what it counts", () => {
  expect(
    chart()
      .findAll("a.whole")
      .map((bar) => bar.attributes("aria-label")),
  ).toEqual(["23 Nov: Success 6, Failed 2", "24 Nov: nothing ran"]);
});

test("the numbers come as a table, too", async () => {
  const shown = chart();
  await shown.get("button").trigger("click");
  expect(shown.findAll("tbody tr")[0]?.text()).toBe("23 Nov628");
});

test("a part of a bar leads to what it alone counts, and so does its number", async () => {
  const shown = chart();
  const targets = (within: string) => shown.findAll(`${within} a`).map((link) => link.attributes("href"));
  expect(targets(".bars")).toEqual(["/day/23/", "/day/23/SUCCESS", "/day/23/FAILED", "/day/24/"]);
  expect(shown.findAll(".part").every((part) => part.attributes("tabindex") === "-1")).toBe(true);
  await shown.get("button").trigger("click");
  expect(targets("table")).toEqual(["/day/23/SUCCESS", "/day/23/FAILED", "/day/23/"]);
});
