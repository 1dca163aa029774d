/** Two units are enough for a person: 850 ms, 4.2 s, 1m 04s, 3h 12m, 2d 5h. */
export function formatMilliseconds(ms: number): string {
  if (ms < 0) return "0 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${two(Math.floor(seconds % 60))}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h ${two(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

export function formatDuration(from: Date, to: Date): string {
  return formatMilliseconds(to.getTime() - from.getTime());
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}

/** ISO 8601, days to seconds: the part of it that has a fixed length. undefined when it isn't one. */
export function parseIsoDuration(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (match === null || text === "P") return undefined;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

/** Round steps for an axis of this length with about `wanted` marks. */
export function axisStep(lengthMs: number, wanted: number): number {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5];
  const least = lengthMs / wanted;
  const step = steps.find((candidate) => candidate >= least);
  return step ?? Math.ceil(least / 864e5) * 864e5;
}

/** Marks of an axis: no more digits than the step needs. */
export function formatAxisMark(ms: number): string {
  if (ms === 0) return "0";
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${ms / 1000} s`;
  return formatMilliseconds(ms)
    .replace(/ 00[sm]$/, "")
    .replace(/ 0h$/, "");
}
