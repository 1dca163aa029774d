import { ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import type { Execution } from "@/api/executions";
import { LogLine, LogReader, logPiece } from "@/api/logs";
import { isOver } from "@/api/states";
import { addLines } from "@/components/logs/logIndex";
import { useResource } from "@/composables/useResource";

const REFRESH_MS = 2000;
const PIECE = 1000;
/** Of one execution; the rest is on its own page. */
const MOST_LINES = 5000;

interface Lines {
  lines: ShallowRef<LogLine[]>;
  count: Ref<number>;
  from: Ref<number>;
}

/** How far the log of one execution has been read. */
interface Reading {
  reader: LogReader;
  after: number;
  lines: number;
  /** It had ended before it was read: nothing more comes. */
  done: boolean;
}

/** The lines of an execution among those of what it has started, by time. As long as `on` says so; else its own only. */
export function useWholeLog(
  own: Lines,
  children: () => readonly Execution[],
  on: () => boolean,
): Lines & { cut: Ref<boolean>; error: ShallowRef<Error | undefined> } {
  const lines = shallowRef<LogLine[]>([]);
  const [count, from, cut] = [ref(0), ref(0), ref(false)];
  const known = new Set<string>();
  const readings = new Map<string, Reading>();

  function take(some: readonly LogLine[]): void {
    const added = some.filter(({ key }) => !known.has(key));
    if (added.length === 0) return;
    added.forEach(({ key }) => known.add(key));
    from.value = addLines(lines.value, added);
    count.value = lines.value.length;
  }

  async function read(child: Execution, signal: AbortSignal): Promise<void> {
    const at = readings.get(child.id) ?? { reader: new LogReader(), after: 0, lines: 0, done: false };
    readings.set(child.id, at);
    const ended = isOver(child.state);
    for (let more = !at.done; more; ) {
      const piece = await logPiece(child.id, at.reader, at.after, PIECE, signal);
      take(piece.lines.map((line) => named(line, child)));
      at.lines += piece.lines.length;
      at.after = piece.lines.reduce((last, { mark }) => (typeof mark === "number" ? Math.max(last, mark) : last), at.after);
      if (at.lines >= MOST_LINES) cut.value = at.done = true;
      more = piece.last !== undefined && !at.done;
    }
    at.done ||= ended;
  }

  const reading = useResource(
    async (signal) => {
      for (const child of children()) await read(child, signal);
    },
    {
      on: [
        () =>
          children()
            .map(({ id, state }) => `${id} ${isOver(state)}`)
            .join(),
      ],
      when: on,
      every: () => (children().every(({ id }) => readings.get(id)?.done === true) ? undefined : REFRESH_MS),
    },
  );
  watch(
    [on, own.lines],
    () => {
      known.clear();
      readings.clear();
      lines.value = [];
      count.value = from.value = 0;
      cut.value = false;
      if (!on()) return;
      take(own.lines.value);
      void reading.reload();
    },
    { immediate: true },
  );
  watch([own.count, own.from], () => on() && take(own.lines.value));
  return { lines, count, from, cut, error: reading.error };
}

/** The task with the flow in front: other flows may have tasks of the same name. */
function named(line: LogLine, { flowId }: Execution): LogLine {
  const task = line.taskId === undefined ? flowId : `${flowId} › ${line.taskId}`;
  return new LogLine(
    line.mark,
    line.time,
    line.level,
    line.message,
    line.namespace,
    line.flowId,
    line.executionId,
    task,
    line.taskRunId,
    line.attempt,
    line.triggerId,
  );
}
