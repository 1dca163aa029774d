import { onScopeDispose, ref, watch, type Ref } from "vue";
import { EventStream, type StreamState } from "@/api/eventStream";
import { useConnection } from "@/stores/connection";

interface Handlers {
  frame(id: string, data: string): void;
  opened?(): void;
}

/** Follows the address while it is not undefined, and again as soon as the server is back. */
export function useEventStream(url: () => string | undefined, handlers: Handlers): { state: Ref<StreamState> } {
  const connection = useConnection();
  const state = ref<StreamState>("idle");
  let stream: EventStream | undefined;

  function begin(address: string | undefined): void {
    stream?.close();
    stream = undefined;
    state.value = "idle";
    if (address === undefined) return;
    const mine = new EventStream(address, {
      ...handlers,
      state: (next) => {
        if (stream !== mine) return;
        state.value = next;
        if (next === "waiting") connection.check();
      },
    });
    stream = mine;
    mine.open();
  }

  watch(url, begin, { immediate: true });
  watch(
    () => connection.recoveries,
    () => {
      if (state.value === "waiting") stream?.open();
    },
  );
  onScopeDispose(() => stream?.close());
  return { state };
}
