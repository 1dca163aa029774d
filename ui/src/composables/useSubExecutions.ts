import { shallowRef, type ShallowRef } from "vue";
import { getExecution, type Execution } from "@/api/executions";
import { ApiError } from "@/api/http";
import { isOver } from "@/api/states";
import { useResource } from "@/composables/useResource";

const REFRESH_MS = 2000;
/** So many are shown inside of one. */
export const MOST_SUB_EXECUTIONS = 50;

interface SubExecutions {
  /** By id; one that is gone, or that nobody may look at, is left out. */
  known: ShallowRef<ReadonlyMap<string, Execution>>;
  error: ShallowRef<Error | undefined>;
}

/** Executions that others have started, kept up to date by asking: a stream for each would use up the browser's connections. */
export function useSubExecutions(ids: (known: ReadonlyMap<string, Execution>) => readonly string[]): SubExecutions {
  const known = shallowRef<ReadonlyMap<string, Execution>>(new Map());
  const wanted = () => ids(known.value).slice(0, MOST_SUB_EXECUTIONS);
  const isSettled = (id: string) => {
    const one = known.value.get(id);
    return one !== undefined && isOver(one.state);
  };

  async function one(id: string, signal: AbortSignal): Promise<Execution | undefined> {
    try {
      return await getExecution(id, signal);
    } catch (failed) {
      if (failed instanceof ApiError && (failed.status === 403 || failed.status === 404)) return undefined;
      throw failed;
    }
  }

  const loaded = useResource(
    async (signal) => {
      const found = await Promise.all(
        wanted()
          .filter((id) => !isSettled(id))
          .map((id) => one(id, signal)),
      );
      const next = new Map([...known.value].filter(([id]) => wanted().includes(id)));
      for (const execution of found) if (execution !== undefined) next.set(execution.id, execution);
      known.value = next;
    },
    { on: [() => wanted().join()], every: () => (wanted().every(isSettled) ? undefined : REFRESH_MS) },
  );
  return { known, error: loaded.error };
}
