import { computed, ref, watch, type ComputedRef, type Ref, type WatchSource } from "vue";

export interface Selection {
  keys: ComputedRef<ReadonlySet<string>>;
  /** Not only what is chosen on this page: all that match. */
  all: Ref<boolean>;
  count(total: number): number;
  set(keys: string[], on: boolean): void;
  selectAll(): void;
  clear(): void;
}

/** Rows that a person has chosen. They stay chosen while he turns pages, and go when he looks for something else. */
export function useSelection(forgetOn: WatchSource): Selection {
  const chosen = ref<Set<string>>(new Set());
  const all = ref(false);

  function clear(): void {
    chosen.value = new Set();
    all.value = false;
  }
  watch(forgetOn, clear);

  return {
    keys: computed(() => chosen.value),
    all,
    count: (total) => (all.value ? total : chosen.value.size),
    set(keys, on) {
      const next = new Set(chosen.value);
      for (const key of keys) {
        if (on) next.add(key);
        else next.delete(key);
      }
      chosen.value = next;
      // One that is taken out of all leaves a list of some.
      if (!on) all.value = false;
    },
    selectAll: () => (all.value = true),
    clear,
  };
}
