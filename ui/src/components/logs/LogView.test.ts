import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import { TooltipProvider } from "reka-ui";
import { defineComponent, h } from "vue";
import { LogReader, type Level } from "@/api/logs";
import LogView from "@/components/logs/LogView.vue";

const reader = new LogReader();
const line = (level: Level, message: string, seq: number) =>
  reader.read({ seq, executionId: "e", taskId: "t", timestamp: "2026-11-24T10:00:00Z", level, message });
const lines = [line("DEBUG", "working directory", 1), line("INFO", "\u001b[32mread\u001b[0m 12 rows", 2), line("ERROR", "no rows left", 3)];

function view(level: Level, some = lines) {
  const props = {
    lines: some,
    count: some.length,
    from: 0,
    loading: false,
    level,
    timeStyle: { language: "en", timeZone: "UTC" },
    downloadUrl: "/x",
    over: true,
  };
  return mount(defineComponent(() => () => h(TooltipProvider, () => h(LogView, props))));
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
  expect(shown.get(".hits").text()).toBe("1/2");
});

test("an empty view says why", () => {
  expect(view("ERROR", [lines[0]!]).text()).toContain("1 line is below the chosen level");
  expect(view("TRACE", []).text()).toContain("Nothing was logged.");
});
