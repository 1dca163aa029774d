import type { RouteLocationRaw } from "vue-router";
import type { Execution } from "@/api/executions";
import type { State } from "@/api/states";

/** The list of what an execution has started; `state`: only what stands there. */
export function startedList({ id, progress }: Pick<Execution, "id" | "progress">, state?: State): RouteLocationRaw {
  const since = progress.startedAt?.toISOString();
  return {
    name: "executions",
    query: {
      "filters[triggerExecutionId][EQUALS]": id,
      ...(state === undefined ? {} : { "filters[state][IN]": state }),
      // None began before its caller: that bounds how much the server must look through.
      ...(since === undefined ? {} : { "filters[startDate][GREATER_THAN_OR_EQUAL_TO]": since }),
    },
  };
}
