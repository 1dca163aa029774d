import { mount } from "@vue/test-utils";
import { TooltipProvider } from "reka-ui";
import { expect, test, vi } from "vitest";
import { h } from "vue";
import type { ParkedEvent } from "@/api/cluster";
import ParkedTable from "@/components/cluster/ParkedTable.vue";

const event: ParkedEvent = {
  id: 7,
  executionId: "0356YEwFC49vjynZJUnFUX",
  namespace: "company.team",
  flowId: "daily",
  kind: "task_finished",
  error: "there is no task load",
  parkedAt: new Date("2026-11-30T12:00:00Z"),
};

function shown(rows: ParkedEvent[], busy = false) {
  const [onRetry, onDrop] = [vi.fn(), vi.fn()];
  const table = h(ParkedTable, { rows, busy, now: new Date("2026-11-30T12:05:00Z"), onRetry, onDrop });
  const page = mount({ render: () => h(TooltipProvider, () => table) });
  return { page, onRetry, onDrop };
}

test("a parked event shows its error and leads to its execution", () => {
  const { page } = shown([event]);
  expect(page.get("[data-testid=parked]").text()).toContain("task_finished");
  expect(page.text()).toContain("there is no task load");
  expect(page.get("[data-testid=parked] a").attributes("href")).toBe("/execution/company.team/daily/0356YEwFC49vjynZJUnFUX");
});

test("one whose execution was deleted shows the id alone", () => {
  const { page } = shown([{ ...event, namespace: undefined, flowId: undefined }]);
  expect(page.find("[data-testid=parked] a").exists()).toBe(false);
  expect(page.get("[data-testid=parked] code").text()).toBe(event.executionId);
});

test("both ways out tell which event is meant, and wait while one is under way", async () => {
  const { page, onRetry, onDrop } = shown([event]);
  await page.get("button[aria-label=Retry]").trigger("click");
  await page.get("button[aria-label=Drop]").trigger("click");
  expect(onRetry).toHaveBeenCalledWith(event);
  expect(onDrop).toHaveBeenCalledWith(event);
  expect(shown([event], true).page.get("button[aria-label=Retry]").attributes("disabled")).toBeDefined();
});
