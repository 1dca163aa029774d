import type { Queue } from "@/api/cluster";

const MINUTE_MS = 60_000;
/** From when on somebody should look, and from when on something is wrong. Claims run as long as their tasks. */
const LIMITS: Record<string, [late: number, stuck: number]> = {
  execution_events: [5_000, MINUTE_MS],
  timers: [5_000, MINUTE_MS],
  jobs: [MINUTE_MS, 10 * MINUTE_MS],
  parked_events: [0, 0],
};

/** A name for the colour of an age; empty: all is well. */
export function toneOf({ queue, depth, oldestMs }: Queue): "" | "late" | "stuck" {
  const limits = LIMITS[queue];
  if (limits === undefined || depth === 0 || oldestMs === undefined) return "";
  if (oldestMs >= limits[1]) return "stuck";
  return oldestMs >= limits[0] ? "late" : "";
}
