import { expect, test } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import { useSelection } from "@/composables/useSelection";

function select() {
  const query = ref("a");
  const selection = effectScope().run(() => useSelection(query));
  if (selection === undefined) throw new Error("no scope");
  return { query, selection };
}

test("rows are put in and taken out", () => {
  const { selection } = select();
  selection.set(["1", "2", "3"], true);
  selection.set(["2"], false);
  expect([...selection.keys.value]).toEqual(["1", "3"]);
  expect(selection.count(100)).toBe(2);
});

test("all that match are counted by the list's total, until one is taken out", () => {
  const { selection } = select();
  selection.set(["1", "2"], true);
  selection.selectAll();
  expect(selection.count(1204)).toBe(1204);
  selection.set(["1"], false);
  expect(selection.count(1204)).toBe(1);
});

test("another search forgets what was chosen", async () => {
  const { query, selection } = select();
  selection.set(["1"], true);
  selection.selectAll();
  query.value = "b";
  await nextTick();
  expect(selection.count(7)).toBe(0);
});
