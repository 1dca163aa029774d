import type { Moment } from "@/api/convert";
import { isOver, type State } from "@/api/states";
import type { TaskRun } from "@/api/taskRuns";

/** What all runs of one task in an execution come to. */
export interface TaskState {
  state: State;
  runs: number;
  /** How many of them have ended. */
  ended: number;
  startedAt: Date | undefined;
  endedAt: Date | undefined;
  /** The run that people look at first: one in the state that is shown, the newest. */
  run: TaskRun;
}

/** Of several runs that state is shown which needs a person most. */
const ORDER: readonly State[] = [
  "KILLING",
  "PAUSED",
  "BREAKPOINT",
  "RETRYING",
  "RUNNING",
  "RESTARTED",
  "RESUBMITTED",
  "SUBMITTED",
  "CREATED",
  "QUEUED",
  "FAILED",
  "KILLED",
  "CANCELLED",
  "RETRIED",
  "WARNING",
  "SUCCESS",
  "SKIPPED",
  "UNKNOWN",
];

export function statesOfTasks(runs: readonly TaskRun[]): Map<string, TaskState> {
  const states = new Map<string, TaskState>();
  for (const run of runs) {
    const known = states.get(run.taskId);
    states.set(run.taskId, known === undefined ? first(run) : merged(known, run));
  }
  return states;
}

function first(run: TaskRun): TaskState {
  const { startedAt, endedAt } = run.progress;
  return { state: run.state, runs: 1, ended: isOver(run.state) ? 1 : 0, startedAt: workedFrom(run.progress.history) ?? startedAt, endedAt, run };
}

function merged(known: TaskState, run: TaskRun): TaskState {
  const one = first(run);
  const shown = ORDER.indexOf(one.state) <= ORDER.indexOf(known.state) ? one : known;
  return {
    state: shown.state,
    run: shown.run,
    runs: known.runs + 1,
    ended: known.ended + one.ended,
    startedAt: earlier(known.startedAt, one.startedAt),
    endedAt: known.endedAt === undefined || one.endedAt === undefined ? undefined : later(known.endedAt, one.endedAt),
  };
}

function workedFrom(history: Moment[]): Date | undefined {
  return history.find((moment) => moment.state === "RUNNING")?.at;
}

const earlier = (left: Date | undefined, right: Date | undefined) => (left === undefined || (right !== undefined && right < left) ? right : left);
const later = (left: Date, right: Date) => (left > right ? left : right);
