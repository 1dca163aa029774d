import type { WireLabel, WireState } from "@/api/wire";
import { isOver, toState, type State } from "@/api/states";

export interface Label {
  key: string;
  value: string;
}

export interface Moment {
  state: State;
  at: Date;
}

/** A state with its past. `endedAt` only when nothing more will come. */
export interface Progress {
  state: State;
  history: Moment[];
  startedAt: Date | undefined;
  endedAt: Date | undefined;
}

export interface Page<T> {
  rows: T[];
  total: number;
}

export function optionalDate(text: string | null | undefined): Date | undefined {
  return text === undefined || text === null ? undefined : new Date(text);
}

export function toProgress(wire: WireState): Progress {
  const state = toState(wire.current);
  const history = (wire.histories ?? []).map((moment) => ({ state: toState(moment.state), at: new Date(moment.date) }));
  const startedAt = optionalDate(wire.startDate) ?? history[0]?.at;
  const endedAt = isOver(state) ? (optionalDate(wire.endDate) ?? history.at(-1)?.at) : undefined;
  return { state, history, startedAt, endedAt };
}

export function toLabels(wire: WireLabel[] | Record<string, string> | undefined): Label[] {
  if (wire === undefined) return [];
  if (Array.isArray(wire)) return wire.map(({ key, value }) => ({ key, value }));
  return Object.entries(wire).map(([key, value]) => ({ key, value }));
}

/** Labels that the system sets are not the reader's business, except where he asks for all of them. */
export function visibleLabels(labels: Label[]): Label[] {
  return labels.filter((label) => !/^(system|internal)\./.test(label.key));
}
