import { mount } from "@vue/test-utils";
import { expect, test, vi } from "vitest";
import MergeDialog from "@/components/editor/MergeDialog.vue";

vi.mock("@/components/editor/SourceDiff.vue", () => ({ default: { props: ["left", "right"], template: '<div class="diff">{{ right }}</div>' } }));
const dialog = (base: string, theirs: string, mine: string) =>
  mount(MergeDialog, {
    props: { base, theirs, mine, revision: 4 },
    global: { stubs: { BaseDialog: { props: ["title", "description"], template: "<div><p>{{ description }}</p><slot /><slot name='actions' /></div>" } } },
  });

test("without a conflict the merged text is shown and can be taken", async () => {
  const shown = dialog("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n");
  expect(shown.find("[data-testid=conflict]").exists()).toBe(false);
  expect(shown.get(".diff").text()).toBe("A\nb\nC");
  await shown.get("[data-testid=merge-take]").trigger("click");
  expect(shown.emitted("take")).toEqual([["A\nb\nC\n"]]);
});

test("a conflict has to be decided first", async () => {
  const shown = dialog("a\nb\n", "theirs\nb\n", "mine\nb\n");
  expect(shown.get("[data-testid=merge-take]").attributes("disabled")).toBeDefined();
  await shown.findAll("input[type=radio]")[2]?.trigger("change");
  await shown.get("[data-testid=merge-take]").trigger("click");
  expect(shown.emitted("take")).toEqual([["theirs\nmine\nb\n"]]);
});
