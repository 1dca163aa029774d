/** What is guarded, and what can be done with it: the words of the server. */
export const RESOURCES = [
  "FLOW",
  "EXECUTION",
  "TASKRUN",
  "LOG",
  "TRIGGER",
  "FILE",
  "KV",
  "SECRET",
  "NAMESPACE",
  "DASHBOARD",
  "USER",
  "AUDIT",
  "CLUSTER",
] as const;
export const ACTIONS = ["READ", "CREATE", "UPDATE", "DELETE"] as const;
export type Resource = (typeof RESOURCES)[number];
export type Action = (typeof ACTIONS)[number];

const fits = (pattern: string | undefined, word: string) => pattern === "*" || pattern === word;

/** Each single one that the words mean: "FLOW:*" are four. */
export function spread(capabilities: readonly string[]): Set<string> {
  const patterns = capabilities.map((one) => one.split(":"));
  const all = RESOURCES.flatMap((resource) => ACTIONS.map((action) => [resource, action] as const));
  return new Set(all.filter(([resource, action]) => patterns.some(([what, how]) => fits(what, resource) && fits(how, action))).map((one) => one.join(":")));
}

/**
 * The fewest words for a choice: whole rows and columns by a star. `kept`: words of a later server, which nothing here can
 * show; they stay.
 */
export function gather(chosen: ReadonlySet<string>, kept: readonly string[] = []): string[] {
  const has = (resource: Resource, action: Action) => chosen.has(`${resource}:${action}`);
  const everywhere = ACTIONS.filter((action) => RESOURCES.every((resource) => has(resource, action)));
  if (everywhere.length === ACTIONS.length) return ["*:*", ...kept];
  const rest = RESOURCES.flatMap((resource) => {
    if (ACTIONS.every((action) => has(resource, action))) return [`${resource}:*`];
    return ACTIONS.filter((action) => has(resource, action) && !everywhere.includes(action)).map((action) => `${resource}:${action}`);
  });
  return [...everywhere.map((action) => `*:${action}`), ...rest, ...kept];
}

/** What no box stands for. */
export function unknownOf(capabilities: readonly string[]): string[] {
  return capabilities.filter((one) => spread([one]).size === 0);
}
