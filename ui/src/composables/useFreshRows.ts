import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import type { Page } from "@/api/convert";

/** Nobody's place is lost while he is this far down. */
const READING_PX = 160;

interface FreshRows<T> {
  rows: ShallowRef<T[]>;
  /** How many came that are not shown yet. */
  waiting: Ref<number>;
  showAll(): void;
}

/**
 * Rows that refresh by themselves without jumping: what is shown is renewed in place; rows that are new go on top
 * only while the top is what is read, else they are announced.
 */
export function useFreshRows<T extends { id: string }>(page: ShallowRef<Page<T> | undefined>, query: ComputedRef<unknown>): FreshRows<T> {
  const rows = shallowRef<T[]>([]);
  const waiting = ref(0);
  let shownFor: unknown;
  const latest = computed(() => page.value?.rows ?? []);

  function showAll(): void {
    rows.value = latest.value;
    waiting.value = 0;
    window.scrollTo({ top: 0 });
  }

  watch(page, () => {
    const reading = shownFor === query.value && window.scrollY > READING_PX && rows.value.length > 0;
    shownFor = query.value;
    if (!reading) {
      rows.value = latest.value;
      waiting.value = 0;
      return;
    }
    const shown = new Set(rows.value.map((row) => row.id));
    const renewed = new Map(latest.value.map((row) => [row.id, row]));
    rows.value = rows.value.map((row) => renewed.get(row.id) ?? row);
    waiting.value = latest.value.filter((row) => !shown.has(row.id)).length;
  });
  return { rows, waiting, showAll };
}
