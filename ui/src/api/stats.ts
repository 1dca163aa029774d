import { API, sendJson } from "@/api/http";
import { toState, type State } from "@/api/states";
import type { WireDailyExecutions, WireSummary } from "@/api/wire";

export interface DayOfExecutions {
  day: Date;
  counts: Map<State, number>;
  total: number;
}

export function toDay(wire: WireDailyExecutions): DayOfExecutions {
  const counts = new Map<State, number>();
  for (const [word, count] of Object.entries(wire.executionCounts ?? {})) {
    if (count > 0) counts.set(toState(word), count);
  }
  return { day: new Date(wire.startDate), counts, total: [...counts.values()].reduce((sum, count) => sum + count, 0) };
}

export async function dailyExecutions(range: { from: Date; to: Date; namespace?: string; flowId?: string }): Promise<DayOfExecutions[]> {
  const { from, to, ...narrow } = range;
  const body = { ...narrow, startDate: from.toISOString(), endDate: to.toISOString() };
  return ((await sendJson<WireDailyExecutions[]>("POST", `${API}/stats/executions/daily`, body)) ?? []).map(toDay);
}

export async function summary(): Promise<{ flows: number; triggers: number }> {
  const wire = await sendJson<WireSummary>("POST", `${API}/stats/summary`, {});
  return { flows: wire?.flows ?? 0, triggers: wire?.triggers ?? 0 };
}
