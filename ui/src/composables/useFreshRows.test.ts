import { expect, test } from "vitest";
import { computed, nextTick, shallowRef } from "vue";
import { useFreshRows } from "@/composables/useFreshRows";
import type { Page } from "@/api/convert";

interface Row {
  id: string;
  state: string;
}
const query = computed(() => "q");
const page = (...rows: Row[]): Page<Row> => ({ rows, total: rows.length });
const scrollTo = (y: number) => Object.defineProperty(window, "scrollY", { value: y, configurable: true });

test("at the top, new rows appear at once", async () => {
  scrollTo(0);
  const loaded = shallowRef<Page<Row>>();
  const { rows, waiting } = useFreshRows(loaded, query);
  loaded.value = page({ id: "a", state: "RUNNING" });
  await nextTick();
  loaded.value = page({ id: "b", state: "CREATED" }, { id: "a", state: "SUCCESS" });
  await nextTick();
  expect(rows.value.map((row) => row.id)).toEqual(["b", "a"]);
  expect(waiting.value).toBe(0);
});

test("further down, rows are renewed in place and new ones only announced", async () => {
  scrollTo(0);
  const loaded = shallowRef<Page<Row>>();
  const { rows, waiting, showAll } = useFreshRows(loaded, query);
  loaded.value = page({ id: "a", state: "RUNNING" });
  await nextTick();
  scrollTo(900);
  loaded.value = page({ id: "b", state: "CREATED" }, { id: "a", state: "SUCCESS" });
  await nextTick();
  expect(rows.value).toEqual([{ id: "a", state: "SUCCESS" }]);
  expect(waiting.value).toBe(1);
  showAll();
  expect(rows.value.map((row) => row.id)).toEqual(["b", "a"]);
});
