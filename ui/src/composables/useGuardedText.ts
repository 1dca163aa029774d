import { computed, ref, watch, type ComputedRef, type Ref } from "vue";

export interface GuardedText {
  text: Ref<string>;
  /** Names the version that its author has seen: nothing else is written over. */
  etag: Ref<string>;
  dirty: ComputedRef<boolean>;
  /** From now on this is the text, saved and shown. */
  take: (text: string, etag: string) => void;
  /** What was written is saved; somebody may have typed on meanwhile. */
  keep: (written: string, etag: string) => void;
}

/** A text that somebody edits, and that others may save meanwhile. `loaded` comes anew from time to time, and goes to `take` unless there is unsaved text. */
export function useGuardedText<T>(loaded: Ref<T | undefined>, takeOver: (now: T) => void): GuardedText {
  const text = ref("");
  const saved = ref("");
  const etag = ref("");
  const dirty = computed(() => loaded.value !== undefined && text.value !== saved.value);
  watch(loaded, (now) => {
    if (now !== undefined && !dirty.value) takeOver(now);
  });

  function keep(written: string, version: string): void {
    saved.value = written;
    etag.value = version;
  }

  function take(now: string, version: string): void {
    text.value = now;
    keep(now, version);
  }

  return { text, etag, dirty, take, keep };
}
