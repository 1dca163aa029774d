import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { followLogsUrl, logPart, LogReader, logPiece, parseLogFrame, type LogChoice, type LogLine } from "@/api/logs";
import type { StreamState } from "@/api/eventStream";
import { addLines } from "@/components/logs/logIndex";
import { useEventStream } from "@/composables/useEventStream";
import { useConnection } from "@/stores/connection";

const REPAINT_MS = 200;
/** The first lines are on the screen while the rest is on its way. */
const FIRST_PIECE = 1000;
const PIECE = 20_000;
/** Beyond, it is left to useLogMap. */
const LONG = 20_000;

const ALL: LogChoice = { level: "TRACE", task: undefined };

interface LiveLogs {
  /** Grows in place: `count` and `from` tell what has changed. */
  lines: ShallowRef<LogLine[]>;
  count: Ref<number>;
  /** Lines before it are as they were. */
  from: Ref<number>;
  /** There may be more. */
  loading: Ref<boolean>;
  /** It is too long to be loaded as a whole, and nothing more comes. */
  long: Ref<boolean>;
  /** Loading broke off: what is here is not all. */
  error: ShallowRef<Error | undefined>;
  live: Ref<StreamState>;
  reload(): void;
}

/**
 * The lines of an execution: by a stream while it runs, in pieces when it has ended. A connection may send again what is
 * here already; that is not added twice.
 */
export function useLiveLogs(executionId: () => string, over: () => boolean): LiveLogs {
  const lines = shallowRef<LogLine[]>([]);
  const [count, from, loading, long] = [ref(0), ref(0), ref(true), ref(false)];
  const error = shallowRef<Error>();
  const known = new Set<number | string>();
  let reader = new LogReader();
  let fresh: LogLine[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  function take(some: LogLine[]): void {
    const added = some.filter((line) => !known.has(line.mark));
    added.forEach((line) => known.add(line.mark));
    if (added.length === 0) return;
    from.value = addLines(lines.value, added);
    count.value = lines.value.length;
    if (count.value > LONG) long.value = true;
  }

  function draw(): void {
    timer = undefined;
    loading.value = false;
    take(fresh);
    fresh = [];
  }

  function clear(): void {
    running?.abort();
    running = undefined;
    error.value = undefined;
    known.clear();
    fresh = [];
    lines.value = [];
    count.value = 0;
    from.value = 0;
    loading.value = true;
    long.value = false;
  }

  const stream = useEventStream(() => (over() || long.value ? undefined : followLogsUrl(executionId())), {
    opened: () => (reader = new LogReader()),
    frame: (_kind, data) => {
      const line = parseLogFrame(reader, data);
      if (line !== undefined) fresh.push(line);
      timer ??= setTimeout(draw, REPAINT_MS);
    },
  });

  async function loadAll(): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    error.value = undefined;
    loading.value = true;
    const pieces = new LogReader();
    try {
      for (let after: number | undefined = 0, size = FIRST_PIECE; after !== undefined; size = PIECE) {
        const piece = await logPiece(executionId(), pieces, after, size, mine.signal);
        take(piece.lines);
        after = piece.last;
        if (size === FIRST_PIECE && after !== undefined) long.value = (await logPart(executionId(), ALL, "", after, LONG, mine.signal)).more;
        if (long.value) return;
      }
    } catch (failed) {
      if (!mine.signal.aborted) error.value = failed as Error;
    } finally {
      if (running === mine) loading.value = false;
    }
  }

  watch(executionId, clear);
  watch(
    [executionId, over],
    () => {
      if (over() && !long.value) void loadAll();
    },
    { immediate: true },
  );
  const connection = useConnection();
  watch(
    () => connection.recoveries,
    () => {
      if (over() && error.value !== undefined) void loadAll();
    },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    running?.abort();
  });
  return { lines, count, from, loading, long, error, live: stream.state, reload: () => void loadAll() };
}
