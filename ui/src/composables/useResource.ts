import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from "vue";
import { UnreachableError } from "@/api/http";
import { useConnection } from "@/stores/connection";

export interface Resource<T> {
  /** What came last; an error or a reload leaves it in place. */
  data: ShallowRef<T | undefined>;
  error: ShallowRef<Error | undefined>;
  loading: Ref<boolean>;
  /** Loading for so long that a person notices. */
  slow: Ref<boolean>;
  reload(): Promise<void>;
}

interface Options {
  /** Loads again when one of these changes. */
  on?: WatchSource[];
  /** Loads again after this many milliseconds, as long as the page is seen; undefined: only when asked. */
  every?: () => number | undefined;
  /** Nothing is loaded while this is false. */
  when?: () => boolean;
}

const SLOW_AFTER_MS = 150;

/** Something on the server that a page shows: loads, keeps it fresh, and comes back by itself when the server does. */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, options: Options = {}): Resource<T> {
  const connection = useConnection();
  const data = shallowRef<T>();
  const error = shallowRef<Error>();
  const loading = ref(false);
  const slow = ref(false);
  let running: AbortController | undefined;
  let poll: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  async function reload(): Promise<void> {
    clearTimeout(poll);
    running?.abort();
    if (options.when !== undefined && !options.when()) return;
    const mine = new AbortController();
    running = mine;
    loading.value = true;
    const timer = setTimeout(() => (slow.value = true), SLOW_AFTER_MS);
    try {
      const loaded = await load(mine.signal);
      if (running !== mine) return;
      data.value = loaded;
      error.value = undefined;
    } catch (cause) {
      if (running !== mine) return;
      // While the server is away the banner says so; old data stays readable.
      if (!(cause instanceof UnreachableError) || data.value === undefined) error.value = cause as Error;
    } finally {
      clearTimeout(timer);
      if (running === mine) {
        loading.value = false;
        slow.value = false;
        schedule();
      }
    }
  }

  function schedule(): void {
    const pause = options.every?.();
    if (pause === undefined || disposed) return;
    poll = setTimeout(() => (document.hidden || connection.away ? schedule() : void reload()), pause);
  }

  watch([...(options.on ?? []), () => options.when?.() ?? true], () => void reload(), { immediate: true });
  watch(
    () => connection.recoveries,
    () => void reload(),
  );
  onScopeDispose(() => {
    disposed = true;
    clearTimeout(poll);
    running?.abort();
  });
  return { data, error, loading, slow, reload };
}
