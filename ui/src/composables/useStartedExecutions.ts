import { computed, type ComputedRef } from "vue";
import { searchExecutions, type Execution } from "@/api/executions";
import { batchesOf, idsOfSubExecutions } from "@/components/execution/subflows";
import { useResource } from "@/composables/useResource";
import { MOST_SUB_EXECUTIONS, useSubExecutions } from "@/composables/useSubExecutions";

const REFRESH_MS = 2000;

interface StartedExecutions {
  /** By id, with their task runs. */
  known: ComputedRef<ReadonlyMap<string, Execution>>;
  /** So many batches have executions that are not among them. */
  left: ComputedRef<number>;
}

/** What an execution has started, by its tasks and for the batches of files, as long as somebody wants to see it (`on`). */
export function useStartedExecutions(execution: () => Execution, over: () => boolean, on: () => boolean): StartedExecutions {
  const hasBatches = computed(() => execution().taskRuns.some((run) => batchesOf(run) !== undefined));
  const batches = useResource(
    (signal) =>
      searchExecutions(
        {
          "filters[triggerExecutionId][EQUALS]": execution().id,
          // None began before its caller: that bounds how much the server must look through.
          "filters[startDate][GREATER_THAN_OR_EQUAL_TO]": execution().progress.startedAt?.toISOString(),
          size: MOST_SUB_EXECUTIONS,
          sort: "state.startDate:asc",
          light: false,
        },
        signal,
      ),
    { on: [() => execution().id, over], when: () => on() && hasBatches.value, every: () => (over() ? undefined : REFRESH_MS) },
  );
  const ofBatches = computed(() => (on() && hasBatches.value ? (batches.data.value?.rows ?? []) : []));
  const all = (others: ReadonlyMap<string, Execution>) => new Map([...ofBatches.value.map((one) => [one.id, one] as const), ...others]);
  const subflows = useSubExecutions((found) => (on() ? idsOfSubExecutions(execution().taskRuns, all(found)) : []));
  const known = computed(() => all(subflows.known.value));
  const left = computed(() => Math.max(0, (ofBatches.value.length > 0 ? (batches.data.value?.total ?? 0) : 0) - ofBatches.value.length));
  return { known, left };
}
