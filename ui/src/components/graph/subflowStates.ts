import type { Execution } from "@/api/executions";
import type { FlowNode } from "@/api/graph";
import { startedBy } from "@/components/execution/subflows";
import { statesOfTasks, type TaskState } from "@/components/graph/taskStates";
import type { TaskRun } from "@/api/taskRuns";

/** The expanded task that a node is inside of: the nearest. */
function around(uid: string, expanded: readonly string[]): string | undefined {
  return expanded.filter((one) => uid.startsWith(`${one}.`)).sort((left, right) => right.length - left.length)[0];
}

/** States of nodes by their uids: of those inside an expanded subflow, in the execution that it started. */
export function statesOfNodes(
  nodes: readonly FlowNode[],
  runs: readonly TaskRun[],
  expanded: readonly string[],
  known: ReadonlyMap<string, Execution>,
): Map<string, TaskState> {
  const idOf = new Map(nodes.map((node) => [node.uid, node.id]));
  const levels = new Map<string | undefined, Map<string, TaskState>>([[undefined, statesOfTasks(runs)]]);
  const statesIn = (level: string | undefined): Map<string, TaskState> => {
    const ready = levels.get(level);
    if (ready !== undefined || level === undefined) return ready ?? new Map();
    const starter = statesIn(around(level, expanded)).get(idOf.get(level) ?? "")?.run;
    const states = statesOfTasks(known.get(startedBy(starter) ?? "")?.taskRuns ?? []);
    levels.set(level, states);
    return states;
  };
  const out = new Map<string, TaskState>();
  for (const node of nodes) {
    if (node.kind === "trigger" || node.id === "") continue;
    const state = statesIn(around(node.uid, expanded)).get(node.id);
    if (state !== undefined) out.set(node.uid, state);
  }
  return out;
}

/** What the expanded tasks have started. */
export function idsInside(nodes: readonly FlowNode[], states: ReadonlyMap<string, TaskState>, expanded: readonly string[]): string[] {
  return nodes.flatMap((node) => (expanded.includes(node.uid) ? (startedBy(states.get(node.uid)?.run) ?? []) : []));
}
