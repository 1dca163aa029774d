import type { TaskRun } from "@/api/taskRuns";
import { isOver, isWorking, type State } from "@/api/states";

/** A task run with what ran inside it, or one round of a loop, which has no task run of its own. */
export interface TaskNode {
  key: string;
  name: string;
  /** The value of a loop's round. */
  value: string | undefined;
  run: TaskRun | undefined;
  iteration: number | undefined;
  state: State;
  startedAt: Date | undefined;
  endedAt: Date | undefined;
  children: TaskNode[];
}

export interface TaskRow {
  node: TaskNode;
  depth: number;
  folded: boolean;
}

/** Loops with more rounds than this begin folded. */
const UNFOLDED_CHILDREN = 20;

/** From worst to best: what a person should see of a group first. */
const WEIGHT: State[] = ["KILLING", "RUNNING", "PAUSED", "RETRYING", "QUEUED", "CREATED", "FAILED", "KILLED", "WARNING", "CANCELLED", "SUCCESS", "SKIPPED"];

/** Linear in the number of task runs: loops may have a hundred thousand. */
export function buildTaskTree(runs: TaskRun[]): TaskNode[] {
  const known = new Set(runs.map((run) => run.id));
  const byParent = new Map<string, TaskRun[]>();
  for (const run of runs) {
    const parent = run.parentId !== undefined && known.has(run.parentId) ? run.parentId : "";
    const siblings = byParent.get(parent);
    if (siblings === undefined) byParent.set(parent, [run]);
    else siblings.push(run);
  }
  return childrenOf("", byParent);
}

function childrenOf(parent: string, byParent: Map<string, TaskRun[]>): TaskNode[] {
  const rounds = new Map<string, TaskRun[]>();
  for (const run of byParent.get(parent) ?? []) {
    const round = run.iteration === undefined && run.value === undefined ? `run ${run.id}` : `round ${run.iteration ?? ""} ${run.value ?? ""}`;
    const members = rounds.get(round);
    if (members === undefined) rounds.set(round, [run]);
    else members.push(run);
  }
  return [...rounds.values()].map((members) => toNode(members, parent, byParent));
}

function toNode(members: TaskRun[], parent: string, byParent: Map<string, TaskRun[]>): TaskNode {
  const nodes = members.map((run) => runNode(run, byParent));
  const [only] = nodes;
  if (only !== undefined && nodes.length === 1) return only;
  const { iteration, value } = members[0] as TaskRun;
  // The round says its value; its members need not repeat it.
  for (const node of nodes) node.value = undefined;
  const over = nodes.every((node) => node.endedAt !== undefined);
  return {
    key: `${parent}/${iteration ?? ""}/${value ?? ""}`,
    name: "",
    value,
    run: undefined,
    iteration,
    state: stateOfAll(nodes),
    startedAt: earliest(nodes),
    endedAt: over ? latestEnd(nodes) : undefined,
    children: nodes,
  };
}

function runNode(run: TaskRun, byParent: Map<string, TaskRun[]>): TaskNode {
  const { state, progress } = run;
  return {
    key: run.id,
    name: run.taskId,
    value: run.value,
    run,
    iteration: run.iteration,
    state,
    startedAt: progress.startedAt,
    endedAt: progress.endedAt,
    children: childrenOf(run.id, byParent),
  };
}

function stateOfAll(nodes: TaskNode[]): State {
  return WEIGHT.find((state) => nodes.some((node) => node.state === state)) ?? nodes[0]?.state ?? "UNKNOWN";
}

function earliest(nodes: TaskNode[]): Date | undefined {
  return nodes.reduce<Date | undefined>(
    (first, { startedAt }) => (startedAt !== undefined && (first === undefined || startedAt < first) ? startedAt : first),
    undefined,
  );
}

function latestEnd(nodes: TaskNode[]): Date | undefined {
  return nodes.reduce<Date | undefined>((last, { endedAt }) => (endedAt !== undefined && (last === undefined || endedAt > last) ? endedAt : last), undefined);
}

/** `choices`: what the reader folded or unfolded by hand. */
export function isFolded(node: TaskNode, choices: ReadonlyMap<string, boolean>): boolean {
  return node.children.length > 0 && (choices.get(node.key) ?? node.children.length > UNFOLDED_CHILDREN);
}

export function visibleRows(tree: TaskNode[], choices: ReadonlyMap<string, boolean>): TaskRow[] {
  const rows: TaskRow[] = [];
  const add = (nodes: TaskNode[], depth: number) => {
    for (const node of nodes) {
      const folded = isFolded(node, choices);
      rows.push({ node, depth, folded });
      if (!folded) add(node.children, depth + 1);
    }
  };
  add(tree, 0);
  return rows;
}

/** How many of the children stand where: [["SUCCESS", 980], ["FAILED", 20]]. */
export function countStates(nodes: TaskNode[]): [State, number][] {
  const counts = new Map<State, number>();
  for (const node of nodes) counts.set(node.state, (counts.get(node.state) ?? 0) + 1);
  return [...counts].sort(([left], [right]) => WEIGHT.indexOf(left) - WEIGHT.indexOf(right));
}

/** A piece of a row's bar. Waiting is drawn apart from working. */
export interface BarPart {
  state: State;
  kind: "waiting" | "working";
  from: number;
  to: number;
}

/** The bar of a row in shares (0 to 1) of the time between `begin` and `end`. */
export function barOf(node: TaskNode, begin: Date, end: Date): BarPart[] {
  if (node.startedAt === undefined) return [];
  const length = Math.max(1, end.getTime() - begin.getTime());
  const share = (at: Date) => Math.min(1, Math.max(0, (at.getTime() - begin.getTime()) / length));
  const stop = node.endedAt ?? end;
  const history = node.run?.progress.history ?? [];
  if (history.length === 0) return [{ state: node.state, kind: "working", from: share(node.startedAt), to: share(stop) }];
  const parts = history.flatMap((moment, index): BarPart[] => {
    if (isOver(moment.state) && index > 0) return [];
    const next = history[index + 1];
    const works = isWorking(moment.state);
    // A finished stretch of work takes the colour of what came out of it.
    const outcome = works && next !== undefined && isOver(next.state) ? next.state : moment.state;
    return [{ state: outcome, kind: works ? "working" : "waiting", from: share(moment.at), to: share(next?.at ?? stop) }];
  });
  // Attempts of before a restart are not on this axis.
  const onAxis = parts.filter((part) => part.to > 0);
  return onAxis.length > 0 ? onAxis : parts;
}
