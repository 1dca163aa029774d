import { flushPromises, mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import { TooltipProvider } from "reka-ui";
import { defineComponent, h, reactive, watch } from "vue";
import { LogReader, type Level } from "@/api/logs";
import LogLines from "@/components/logs/LogLines.vue";
import LogView from "@/components/logs/LogView.vue";

const reader = new LogReader();
const line = (level: Level, message: string, seq: number) =>
  reader.read({ seq, executionId: "e", taskId: "t", timestamp: "2026-11-24T10:00:00Z", level, message });
const lines = [line("DEBUG", "working directory", 1), line("INFO", "\u001b[32mread\u001b[0m 12 rows", 2), line("ERROR", "no rows left", 3)];

function given(level: Level, some = lines) {
  return {
    lines: some,
    count: some.length,
    from: 0,
    loading: false,
    level,
    timeStyle: { language: "en", timeZone: "UTC" },
    downloadUrl: "/x",
    over: true,
  };
}

function view(level: Level, some = lines, props = given(level, some)) {
  return mount(defineComponent(() => () => h(TooltipProvider, () => h(LogView, { ...props }))));
}

test("lines below the level are counted, not shown", () => {
  expect(view("INFO").get(".count").text()).toBe("2 lines");
  expect(view("INFO").get(".count").attributes("title")).toBe("1 line is below the chosen level");
});

test("the search counts lines, colours aside", async () => {
  const shown = view("INFO");
  await shown.get("input[type=search]").setValue("READ 12");
  expect(shown.get(".hits").text()).toBe("1 hit");
  await shown.get("input[type=search]").setValue("rows");
  await shown.get("form").trigger("submit");
  await flushPromises();
  expect(shown.get(".hits").text()).toBe("1/2");
});

test("an empty view says why", () => {
  expect(view("ERROR", [lines[0]!]).text()).toContain("1 line is below the chosen level");
  expect(view("TRACE", []).text()).toContain("Nothing was logged.");
});

test("the place among the shown lines goes with another level, and stays when lines arrive", async () => {
  const props = reactive(given("INFO", [...lines]));
  const shown = view("INFO", lines, props);
  const current = () => shown.getComponent(LogLines).props("current");
  await shown.get("input[type=search]").setValue("rows");
  await shown.get("form").trigger("submit");
  await shown.get("form").trigger("submit");
  await flushPromises();
  expect(current()).toBe(1);
  props.lines.push(line("INFO", "more rows", 4));
  Object.assign(props, { count: 4, from: 3 });
  await flushPromises();
  expect([current(), shown.get(".hits").text()]).toEqual([1, "2/3"]);
  props.level = "DEBUG";
  await flushPromises();
  expect([current(), shown.get(".hits").text()]).toEqual([-1, "3 hits"]);
});

test("the first error is gone to again after scrolling away", async () => {
  const shown = view("INFO");
  const gone: number[] = [];
  const list = shown.getComponent(LogLines);
  watch(
    () => list.props("current"),
    (now) => gone.push(now),
    { flush: "sync" },
  );
  for (const _ of [1, 2]) {
    await shown.get("[aria-label='Jump to the first error']").trigger("click");
    await flushPromises();
  }
  expect(gone).toEqual([1, -1, 1]);
});
