import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import { TooltipProvider } from "reka-ui";
import { defineComponent, h } from "vue";
import GanttChart from "@/components/execution/GanttChart.vue";
import { at, loop, NOW, taskRun } from "@/testing/executionFactory";
import type { TaskRun } from "@/api/taskRuns";

function mountChart(runs: TaskRun[]) {
  const opened: string[] = [];
  const Frame = defineComponent(
    () => () =>
      h(TooltipProvider, () => h(GanttChart, { runs, startedAt: at(0), endedAt: undefined, now: NOW, onOpen: (run: TaskRun) => opened.push(run.id) })),
  );
  return { chart: mount(Frame, { attachTo: document.body }), opened };
}

test("each row tells name, state and duration", () => {
  const { chart } = mountChart([taskRun({ taskId: "load" })]);
  expect(chart.get("[role=treeitem]").text()).toMatch(/^Success\s*load\s*3\.0 s$/);
});

test("a folded loop counts its rounds, and unfolds by key", async () => {
  const { chart } = mountChart(loop(50));
  expect(chart.findAll("[role=treeitem]")).toHaveLength(1);
  expect(chart.get(".counts").text()).toBe("50");
  await chart.get("[role=tree]").trigger("keydown", { key: "ArrowDown" });
  await chart.get("[role=tree]").trigger("keydown", { key: "ArrowRight" });
  expect(chart.findAll("[role=treeitem]").length).toBeGreaterThan(10);
  expect(chart.get("[role=treeitem]").attributes("aria-expanded")).toBe("true");
});

test("only what is seen is drawn", async () => {
  const { chart } = mountChart(loop(5000));
  await chart.get(".fold").trigger("click");
  expect(chart.findAll("[role=treeitem]").length).toBeLessThan(80);
});

test("Enter opens the task run", async () => {
  const { chart, opened } = mountChart([taskRun({ id: "one" }), taskRun({ id: "two" })]);
  const tree = chart.get("[role=tree]");
  await tree.trigger("keydown", { key: "End" });
  await tree.trigger("keydown", { key: "Enter" });
  expect(opened).toEqual(["two"]);
});
