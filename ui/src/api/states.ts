/** The words of an execution's and a task run's life, as the server writes them. */
export const STATES = [
  "CREATED",
  "SUBMITTED",
  "QUEUED",
  "RUNNING",
  "PAUSED",
  "BREAKPOINT",
  "RESTARTED",
  "RESUBMITTED",
  "RETRYING",
  "RETRIED",
  "KILLING",
  "KILLED",
  "SUCCESS",
  "WARNING",
  "FAILED",
  "CANCELLED",
  "SKIPPED",
] as const;

export type State = (typeof STATES)[number] | "UNKNOWN";

const TERMINAL: readonly State[] = ["SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "RETRIED", "SKIPPED"];
const WORKING: readonly State[] = ["RUNNING", "KILLING"];

/** A newer server may know a state that this page doesn't: it is shown, not hidden. */
export function toState(word: string): State {
  return (STATES as readonly string[]).includes(word) ? (word as State) : "UNKNOWN";
}

export function isOver(state: State): boolean {
  return TERMINAL.includes(state);
}

/** Is something being done at this moment, or does it wait? */
export function isWorking(state: State): boolean {
  return WORKING.includes(state);
}

export type Tone = "success" | "danger" | "warning" | "running" | "info" | "killed" | "idle";

const TONES: Record<State, Tone> = {
  CREATED: "info",
  SUBMITTED: "info",
  RESTARTED: "info",
  RESUBMITTED: "info",
  BREAKPOINT: "info",
  RUNNING: "running",
  SUCCESS: "success",
  WARNING: "warning",
  FAILED: "danger",
  KILLING: "killed",
  KILLED: "killed",
  PAUSED: "idle",
  QUEUED: "idle",
  RETRYING: "idle",
  RETRIED: "idle",
  CANCELLED: "idle",
  SKIPPED: "idle",
  UNKNOWN: "idle",
};

export function toneOf(state: State): Tone {
  return TONES[state];
}
