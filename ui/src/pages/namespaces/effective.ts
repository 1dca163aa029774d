import type { Inherited, PluginDefault } from "@/api/namespaceSettings";

/** A variable that flows see, where it comes from, and whether one of the same name nearer to them hides it. */
export interface Effective {
  name: string;
  value: unknown;
  namespace: string;
  hidden: boolean;
}

/** The nearest first: of two with the same name only the nearer one counts. */
export function effectiveVariables(namespace: string, own: Record<string, unknown>, above: Inherited<Record<string, unknown>>[]): Effective[] {
  const seen = new Set<string>();
  const out: Effective[] = [];
  for (const layer of [{ namespace, value: own }, ...above]) {
    for (const [name, value] of Object.entries(layer.value)) out.push({ name, value, namespace: layer.namespace ?? "", hidden: seen.has(name) });
    for (const name of Object.keys(layer.value)) seen.add(name);
  }
  return out.sort((left, right) => left.name.localeCompare(right.name) || Number(left.hidden) - Number(right.hidden));
}

export interface EffectiveDefault extends PluginDefault {
  namespace: string | undefined;
}

/**
 * In the order in which they count: what is forced beats the task itself, the farthest first; the rest fills in what a task
 * leaves open, the nearest first.
 */
export function effectiveDefaults(namespace: string, own: PluginDefault[], above: Inherited<PluginDefault[]>[]): EffectiveDefault[] {
  const all = [{ namespace, value: own }, ...above].flatMap((layer) => layer.value.map((one) => ({ ...one, namespace: layer.namespace })));
  return [...all.filter((one) => one.forced).reverse(), ...all.filter((one) => !one.forced)];
}
