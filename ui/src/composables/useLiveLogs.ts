import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { executionLogs, followLogsUrl, LogReader, parseLogFrame, type LogLine } from "@/api/logs";
import type { StreamState } from "@/api/eventStream";
import { useEventStream } from "@/composables/useEventStream";
import { useResource } from "@/composables/useResource";

const REPAINT_MS = 200;

interface LiveLogs {
  lines: ShallowRef<LogLine[]>;
  loaded: Ref<boolean>;
  error: ShallowRef<Error | undefined>;
  live: Ref<StreamState>;
}

/**
 * The lines of an execution: by a stream while it runs, and all of them once more when it has ended. Each connection
 * sends everything from the beginning; lines that are here already are not added again.
 */
export function useLiveLogs(executionId: () => string, over: () => boolean): LiveLogs {
  const lines = shallowRef<LogLine[]>([]);
  const loaded = ref(false);
  const known = new Set<string>();
  let reader = new LogReader();
  let fresh: LogLine[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function take(some: LogLine[]): void {
    const added = some.filter((line) => !known.has(line.key));
    added.forEach((line) => known.add(line.key));
    loaded.value = true;
    if (added.length === 0) return;
    const all = [...lines.value, ...added];
    const last = lines.value.at(-1);
    // Nearly always they come in order; what comes late is put in its place.
    const inOrder = added.every((line, index) => line.at >= (added[index - 1] ?? last ?? line).at);
    lines.value = inOrder ? all : all.sort((left, right) => left.at.getTime() - right.at.getTime());
  }

  function draw(): void {
    timer = undefined;
    take(fresh);
    fresh = [];
  }

  watch(executionId, () => {
    known.clear();
    lines.value = [];
    loaded.value = false;
  });

  const stream = useEventStream(() => (over() ? undefined : followLogsUrl(executionId())), {
    opened: () => (reader = new LogReader()),
    frame: (_kind, data) => {
      const line = parseLogFrame(reader, data);
      if (line !== undefined) fresh.push(line);
      timer ??= setTimeout(draw, REPAINT_MS);
    },
  });

  const whole = useResource((signal) => executionLogs(executionId(), {}, signal), { on: [executionId, over], when: over });
  watch(whole.data, (all) => take(all ?? []));
  onScopeDispose(() => clearTimeout(timer));
  return { lines, loaded, error: whole.error, live: stream.state };
}
