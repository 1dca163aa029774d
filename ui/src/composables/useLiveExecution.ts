import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from "vue";
import { followUrl, getExecution, parseExecution, type Execution } from "@/api/executions";
import type { StreamState } from "@/api/eventStream";
import { isOver } from "@/api/states";
import { useEventStream } from "@/composables/useEventStream";
import { useResource } from "@/composables/useResource";

/** The page is drawn at most this often, however fast the server reports. */
const REPAINT_MS = 250;

interface LiveExecution {
  execution: ShallowRef<Execution | undefined>;
  error: ShallowRef<Error | undefined>;
  slow: Ref<boolean>;
  live: Ref<StreamState>;
  over: ComputedRef<boolean>;
  /** After something was done to it: a finished execution may run again. */
  reload(): Promise<void>;
}

/** One execution, kept up to date for as long as it runs. */
export function useLiveExecution(id: () => string): LiveExecution {
  const execution = shallowRef<Execution>();
  const following = ref(false);
  let pending: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const loaded = useResource((signal) => getExecution(id(), signal), { on: [id] });
  watch(loaded.data, (now) => {
    execution.value = now;
    following.value = now !== undefined && !isOver(now.state);
  });
  watch(id, () => (execution.value = undefined));

  /** Only the newest frame is read: each holds all that the ones before it said. */
  function draw(): void {
    timer = undefined;
    const json = pending;
    pending = undefined;
    if (json === undefined) return;
    const next = parseExecution(json);
    if (next.id === id()) execution.value = next;
  }

  const stream = useEventStream(() => (following.value ? followUrl(id()) : undefined), {
    frame: (kind, data) => {
      if (kind === "start") return;
      pending = data;
      if (kind !== "end") timer ??= setTimeout(draw, REPAINT_MS);
      else draw();
    },
  });
  watch(stream.state, (state) => {
    if (state === "ended") following.value = false;
  });
  onScopeDispose(() => clearTimeout(timer));

  const over = computed(() => execution.value !== undefined && isOver(execution.value.state));
  return { execution, error: loaded.error, slow: loaded.slow, live: stream.state, over, reload: loaded.reload };
}
