import type { Execution } from "@/api/executions";
import { isOver } from "@/api/states";

export const ACTIONS = ["resume", "restart", "kill", "pause", "unqueue", "replay", "forceRun", "changeStatus", "labels", "delete"] as const;
export type Action = (typeof ACTIONS)[number];

/** What stands as a button of its own; the rest is in the menu. */
const PROMINENT: readonly Action[] = ["resume", "restart", "kill", "unqueue"];

/** What can be done with it now: the server's word when it gives one, else the same table as the server's. */
export function allowedActions(execution: Execution): Action[] {
  const { allowedActions: told } = execution;
  return ACTIONS.filter((action) => (told === undefined ? isPossible(action, execution) : told.includes(action)));
}

function isPossible(action: Action, execution: Execution): boolean {
  const { state } = execution;
  const over = isOver(state);
  if (action === "resume") return state === "PAUSED";
  if (action === "unqueue") return state === "QUEUED";
  if (action === "pause") return state === "RUNNING";
  if (action === "kill" || action === "forceRun") return !over && state !== "KILLING";
  if (action === "restart") return (over && hasFailed(execution)) || state === "PAUSED";
  if (action === "changeStatus" || action === "labels" || action === "delete") return over;
  return true;
}

/** Is there a task run to begin again from? Without task runs (a light answer) the state has to tell. */
function hasFailed(execution: Execution): boolean {
  if (execution.taskRuns.length === 0) return execution.state === "FAILED";
  return execution.taskRuns.some((run) => run.state === "FAILED" || run.state === "PAUSED");
}

/** What the server refuses now, each with its reason; those that never fit such an execution are not worth a line. */
export function refusedActions({ refusedActions: told }: Execution): { action: Action; reason: string }[] {
  return ACTIONS.flatMap((action) => {
    const reason = told[action];
    return reason === undefined || !WORTH_TELLING.includes(action) ? [] : [{ action, reason }];
  });
}

/** People look for these and wonder where they are. */
const WORTH_TELLING: readonly Action[] = ["restart", "kill", "changeStatus", "labels", "delete"];

export function prominentActions(actions: Action[]): Action[] {
  const goesOn = actions.includes("resume");
  // Beside "resume", "restart" would be a choice that few people mean.
  return actions.filter((action) => PROMINENT.includes(action) && !(goesOn && action === "restart")).slice(0, 2);
}
