import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { getOperation, isOpen, stopOperation, type Operation } from "@/api/operations";
import { ApiError } from "@/api/http";

const KEPT = "operations.watched";
const EVERY_MS = 700;
const AWAY_MS = 3000;

function readKept(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

/** The operations that somebody started here: their progress is shown until he has seen how they ended, also after a reload. */
export const useOperations = defineStore("operations", () => {
  const ids = ref<string[]>(readKept());
  const known = ref<Map<string, Operation>>(new Map());
  /** Counts ends: lists that an operation has changed load again. */
  const ends = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const watched = computed(() => ids.value.map((id) => known.value.get(id)).filter((one) => one !== undefined));

  function keep(next: string[]): void {
    ids.value = next;
    localStorage.setItem(KEPT, JSON.stringify(next));
  }

  function watch(id: string): void {
    keep([...ids.value, id].slice(-5));
    follow();
  }

  function dismiss(id: string): void {
    keep(ids.value.filter((one) => one !== id));
    known.value.delete(id);
  }

  function follow(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), 0);
  }

  async function refresh(): Promise<void> {
    const unsettled = ids.value.filter((id) => {
      const one = known.value.get(id);
      return one === undefined || isOpen(one);
    });
    if (unsettled.length === 0) return;
    let pause = EVERY_MS;
    for (const id of unsettled) {
      try {
        const now = await getOperation(id);
        known.value.set(id, now);
        if (!isOpen(now)) ends.value += 1;
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) dismiss(id);
        else pause = AWAY_MS;
      }
    }
    clearTimeout(timer);
    timer = setTimeout(() => void refresh(), pause);
  }

  async function stop(id: string): Promise<void> {
    await stopOperation(id);
    follow();
  }

  return { watched, ends, watch, dismiss, follow, stop };
});
