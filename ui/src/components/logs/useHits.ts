import { computed, nextTick, ref, type ComputedRef, type Ref } from "vue";

interface Hits {
  /** Of the hits, the one that was gone to; -1: none. */
  hit: Ref<number>;
  /** Where the view is to be: among the shown lines. -1: anywhere */
  current: ComputedRef<number>;
  step(by: number): void;
  toPlace(place: number): void;
  leave(): void;
}

/** Goes from hit to hit, or to a place. Both end following. */
export function useHits(places: () => readonly number[], follow: Ref<boolean>): Hits {
  const hit = ref(-1);
  const jump = ref(-1);

  function leave(): void {
    hit.value = -1;
    jump.value = -1;
  }

  /** Also to where it is already: that may have been scrolled away. */
  async function go(to: Ref<number>, place: number): Promise<void> {
    follow.value = false;
    leave();
    await nextTick();
    to.value = place;
  }

  function step(by: number): void {
    const count = places().length;
    if (count > 0) void go(hit, hit.value < 0 ? (by > 0 ? 0 : count - 1) : (hit.value + by + count) % count);
  }

  return { hit, current: computed(() => places()[hit.value] ?? jump.value), step, toPlace: (place) => void go(jump, place), leave };
}
