/** One property that an act set; `before` is undefined when there was none or nobody noted it. */
export interface Change {
  name: string;
  before: string | undefined;
  after: string | undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function plain(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What an act changed, property by property; what stayed as it was, or is nothing, is left out. A switch that is off is nothing, too. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const [old, now] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const told = (value: unknown) => (value === false ? "" : (plain(value) ?? ""));
  return names.filter((name) => told(old[name]) !== told(now[name])).map((name) => ({ name, before: plain(old[name]), after: plain(now[name]) }));
}
