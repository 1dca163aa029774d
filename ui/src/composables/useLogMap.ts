import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { followLogsUrl, logBlock, logPart, LogReader, parseLogFrame, type LogChoice, type LogLine } from "@/api/logs";
import { LogBlocks } from "@/components/logs/logBlocks";
import { hasWords } from "@/components/logs/logIndex";
import { useEventStream } from "@/composables/useEventStream";
import { useConnection } from "@/stores/connection";

/** The first lines are on the screen while the rest is looked at. */
const FIRST_PIECE = 5_000;
const PIECE = 100_000;
const REPAINT_MS = 200;
/** So many lines that came by the stream are held as they are; then their places are enough. */
const MOST_TAIL = 20_000;
const AT_ONCE = 3;
/** Lines that a jump shows on either side of where it goes. */
const AROUND = 50;

export interface LongLogs {
  count: ComputedRef<number>;
  /** undefined: it is not here; show() brings it. Another function whenever lines have come. */
  lineAt: ComputedRef<(place: number) => LogLine | undefined>;
  hidden: Ref<number>;
  tasks: ShallowRef<string[]>;
  /** A place; -1: none so far. */
  firstError: Ref<number>;
  /** Its length is not known yet. */
  loading: Ref<boolean>;
  /** Places, in their order: of very many only the first. */
  hits: ComputedRef<number[]>;
  hitCount: ComputedRef<number>;
  searching: Ref<boolean>;
  error: ShallowRef<Error | undefined>;
  show(first: number, last: number): void;
  /** Where a jump may go: once something is shown, the lines there come, too, so that it has nothing to wait for. */
  expect(places: readonly number[]): void;
  reload(): void;
}

/** The state of one walk over all lines. */
interface Walk {
  control: AbortController;
  after: number;
  place: number;
}

/**
 * A log of any length: the server says where its lines are and which have the words that are looked for; only those that are
 * looked at come here. Lines that are written meanwhile come by a stream behind them.
 */
export function useLogMap(executionId: () => string, choice: () => LogChoice, words: () => string, over: () => boolean): LongLogs {
  const blocks = shallowRef(new LogBlocks());
  const tail = shallowRef<LogLine[]>([]);
  const version = ref(0);
  const [hidden, firstError, mapped, found] = [ref(0), ref(-1), ref<number>(), ref(0)];
  const [loading, searching] = [ref(true), ref(false)];
  const tasks = shallowRef<string[]>([]);
  const places = shallowRef<number[]>([]);
  const error = shallowRef<Error>();
  let surveying: Walk | undefined;
  /** Number of the last line whose place is known. */
  let reached = 0;
  let search: Walk | undefined;

  const key = computed(() => JSON.stringify([executionId(), choice()]));
  const count = computed(() => (void version.value, blocks.value.total + tail.value.length));
  const lineAt = computed(() => {
    void version.value;
    const { value: known } = blocks;
    const { value: fresh } = tail;
    return (place: number) => (place < known.total ? known.lineAt(place) : fresh[place - known.total]);
  });
  const tailHits = computed(() => {
    void version.value;
    if (words() === "") return [];
    const from = blocks.value.total;
    return tail.value.flatMap((line, index) => (hasWords(line, words().toLowerCase()) ? [from + index] : []));
  });
  const hits = computed(() => (tailHits.value.length === 0 ? places.value : [...places.value, ...tailHits.value]));
  const hitCount = computed(() => found.value + tailHits.value.length);

  /** Asks for piece after piece; false: something else has taken its place meanwhile, or it broke off. */
  async function walk(state: Walk, looked: string, take: (part: Awaited<ReturnType<typeof logPart>>, place: number) => void, first: number): Promise<boolean> {
    try {
      for (let size = first, more = true; more; size = PIECE) {
        const part = await logPart(executionId(), choice(), looked, state.after, size, state.control.signal);
        if (state.control.signal.aborted) return false;
        take(part, state.place);
        state.place += part.lines;
        state.after = part.last ?? state.after;
        more = part.more;
      }
      return true;
    } catch (failed) {
      if (!state.control.signal.aborted) error.value = failed as Error;
      return false;
    }
  }

  function begin(before: Walk | undefined, after = 0): Walk {
    before?.control.abort();
    return { control: new AbortController(), after, place: 0 };
  }

  /** From the beginning; `quiet`: what is shown stays until it is done. */
  async function survey(quiet: boolean): Promise<void> {
    const state = (surveying = begin(surveying));
    const fresh = new LogBlocks();
    const seen = new Set<string>();
    let [below, errorAt] = [0, -1];
    error.value = undefined;
    mapped.value = undefined;
    const publish = () => {
      if (blocks.value !== fresh) {
        blocks.value = fresh;
        tail.value = [];
      }
      [hidden.value, firstError.value] = [below, errorAt];
      tasks.value = [...seen];
      ++version.value;
    };
    if (!quiet) {
      loading.value = true;
      publish();
      void find();
    }
    const done = await walk(
      state,
      "",
      (part, place) => {
        fresh.add(part);
        below += part.hidden;
        if (errorAt < 0 && part.firstError !== undefined) errorAt = place + part.firstError;
        part.tasks.forEach((id) => seen.add(id));
        if (!quiet) publish();
      },
      FIRST_PIECE,
    );
    if (surveying === state) loading.value = false;
    if (!done) return;
    publish();
    mapped.value = reached = state.after;
    if (quiet) void find();
  }

  /** The tail has become long: its places are enough. */
  async function extend(): Promise<void> {
    if (surveying === undefined || mapped.value === undefined) return;
    const state = (surveying = begin(surveying, reached));
    const known = blocks.value;
    const parts: Awaited<ReturnType<typeof logPart>>[] = [];
    if (!(await walk(state, "", (part) => parts.push(part), PIECE))) return;
    for (const part of parts) known.add(part);
    hidden.value += parts.reduce((sum, part) => sum + part.hidden, 0);
    reached = state.after;
    tail.value = tail.value.filter(isBehind);
    ++version.value;
    void find();
  }

  const isBehind = (line: LogLine) => typeof line.mark !== "number" || line.mark > reached;

  async function find(): Promise<void> {
    const looked = words();
    const state = (search = begin(search));
    [places.value, found.value] = [[], 0];
    searching.value = looked !== "";
    if (looked === "") return;
    await walk(
      state,
      looked,
      (part, place) => {
        // Lines that came by the stream are looked at as they are.
        const end = mapped.value === undefined ? Infinity : blocks.value.total;
        const here = part.hits.map((hit) => place + hit).filter((hit) => hit < end);
        found.value += part.hitCount - (part.hits.length - here.length);
        if (here.length > 0) places.value = [...places.value, ...here];
      },
      PIECE,
    );
    if (search === state) searching.value = false;
  }

  const wanted: number[] = [];
  const asked = new Set<number>();
  /** Newest wishes first: who scrolls fast is no longer interested in what he passed. */
  function pump(): void {
    const known = blocks.value;
    while (asked.size < AT_ONCE) {
      const index = wanted.shift();
      if (index === undefined) return;
      const question = known.question(index);
      if (question === undefined || asked.has(index)) continue;
      asked.add(index);
      void logBlock(executionId(), choice(), question.after, question.limit, surveying?.control.signal)
        .then((lines) => {
          if (blocks.value !== known) return;
          known.fill(index, lines);
          ++version.value;
        })
        .catch((failed: Error) => {
          if (failed.name !== "AbortError" && blocks.value === known) error.value = failed;
        })
        .finally(() => {
          asked.delete(index);
          show(...range);
        });
    }
  }
  let range = [0, 0] as [number, number];
  let expected: readonly number[] = [];
  function show(first: number, last: number): void {
    range = [first, last];
    const ahead = last > first ? expected.flatMap((place) => blocks.value.missing(Math.max(0, place - AROUND), place + AROUND)) : [];
    wanted.splice(0, wanted.length, ...new Set([...blocks.value.missing(first, last), ...ahead]));
    pump();
  }
  function expect(places: readonly number[]): void {
    expected = places;
    show(...range);
  }
  watch(version, () => show(...range));

  let reader = new LogReader();
  let fresh: LogLine[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  function draw(): void {
    timer = undefined;
    const known = new Set(tail.value.map((line) => line.mark));
    const added = fresh.filter((line) => !known.has(line.mark) && isBehind(line));
    fresh = [];
    if (added.length === 0) return;
    if (firstError.value < 0) {
      const errorAt = added.findIndex((line) => line.level === "ERROR");
      if (errorAt >= 0) firstError.value = count.value + errorAt;
    }
    tail.value = [...tail.value, ...added];
    ++version.value;
    if (tail.value.length > MOST_TAIL) void extend();
  }
  useEventStream(() => (over() || mapped.value === undefined ? undefined : followLogsUrl(executionId(), choice(), mapped.value)), {
    opened: () => (reader = new LogReader()),
    frame: (_kind, data) => {
      const line = parseLogFrame(reader, data);
      if (line !== undefined) fresh.push(line);
      timer ??= setTimeout(draw, REPAINT_MS);
    },
  });

  watch(key, () => void survey(false), { immediate: true });
  // What was written last, or late, is counted where it belongs.
  watch(over, (now) => {
    if (now) void survey(true);
  });
  watch(words, () => void find());
  const connection = useConnection();
  watch(
    () => connection.recoveries,
    () => {
      if (error.value !== undefined) void survey(true);
    },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    surveying?.control.abort();
    search?.control.abort();
  });
  return { count, lineAt, hidden, tasks, firstError, loading, hits, hitCount, searching, error, show, expect, reload: () => void survey(false) };
}
