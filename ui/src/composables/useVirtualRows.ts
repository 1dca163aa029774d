import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from "vue";

interface VirtualRows {
  /** Rows from `first` up to `last` are drawn. */
  first: ComputedRef<number>;
  last: ComputedRef<number>;
  height: ComputedRef<number>;
  offset: ComputedRef<number>;
  reveal(index: number): void;
}

const SPARE_ROWS = 8;

/** Draws only the rows that are seen, all of one height: 100,000 of them cost as much as 30. */
export function useVirtualRows(frame: Ref<HTMLElement | null>, count: () => number, rowHeight: number): VirtualRows {
  const top = ref(0);
  const visible = ref(800);
  const measure = () => {
    top.value = frame.value?.scrollTop ?? 0;
    if ((frame.value?.clientHeight ?? 0) > 0) visible.value = frame.value?.clientHeight ?? 0;
  };
  const observer = typeof ResizeObserver === "undefined" ? undefined : new ResizeObserver(measure);

  watch(
    frame,
    (element, previous) => {
      previous?.removeEventListener("scroll", measure);
      observer?.disconnect();
      if (element === null) return;
      element.addEventListener("scroll", measure, { passive: true });
      observer?.observe(element);
      measure();
    },
    { flush: "post" },
  );
  onScopeDispose(() => {
    frame.value?.removeEventListener("scroll", measure);
    observer?.disconnect();
  });

  const first = computed(() => Math.max(0, Math.min(count() - 1, Math.floor(top.value / rowHeight)) - SPARE_ROWS));
  const last = computed(() => Math.min(count(), Math.ceil((top.value + visible.value) / rowHeight) + SPARE_ROWS));

  function reveal(index: number): void {
    const element = frame.value;
    if (element === null) return;
    const from = index * rowHeight;
    if (from < element.scrollTop) element.scrollTop = from;
    else if (from + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = from + rowHeight - element.clientHeight;
  }

  return { first, last, height: computed(() => count() * rowHeight), offset: computed(() => first.value * rowHeight), reveal };
}
