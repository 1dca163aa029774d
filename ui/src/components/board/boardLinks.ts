import type { LocationQueryRaw, RouteLocationRaw } from "vue-router";
import type { Numbers } from "@/api/board";
import { isOver, type State } from "@/api/states";

/** What a board is of: everything, a namespace, or a flow. */
export interface BoardPlace {
  namespace?: string;
  flowId?: string;
}

export const ENDED_WELL: State[] = ["SUCCESS", "WARNING", "CANCELLED", "SKIPPED"];
export const WORKING: State[] = ["RUNNING", "CREATED", "RESTARTED", "RETRYING", "KILLING"];
export const WAITING: State[] = ["QUEUED", "PAUSED", "BREAKPOINT"];

/** The executions that a number counts. */
export function executionsOf(place: BoardPlace, narrowed: { from?: Date; until?: Date; states?: State[] } = {}): RouteLocationRaw {
  const query: LocationQueryRaw = {};
  if (narrowed.states !== undefined) query["filters[state][IN]"] = narrowed.states.join(",");
  if (narrowed.until !== undefined) query["filters[startDate][LESS_THAN]"] = narrowed.until.toISOString();
  if (narrowed.from !== undefined) query["filters[startDate][GREATER_THAN_OR_EQUAL_TO]"] = narrowed.from.toISOString();
  if (place.flowId !== undefined) return { name: "flow", params: { namespace: place.namespace, id: place.flowId, tab: "executions" }, query };
  if (place.namespace !== undefined) query["filters[namespace][PREFIX]"] = place.namespace;
  return { name: "executions", query };
}

export function sumOf(counts: Map<State, number>, states: State[]): number {
  return states.reduce((sum, state) => sum + (counts.get(state) ?? 0), 0);
}

/** Of those that are over, the part that ended well. undefined: none is over. */
export function successRatio({ counts }: Numbers): number | undefined {
  const over = [...counts].filter(([state]) => isOver(state)).reduce((sum, [, count]) => sum + count, 0);
  return over === 0 ? undefined : sumOf(counts, ENDED_WELL) / over;
}
