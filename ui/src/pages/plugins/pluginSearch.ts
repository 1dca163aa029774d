import type { PluginGroup, PluginKind, PluginType } from "@/api/plugins";

const KINDS: PluginKind[] = ["task", "trigger", "condition", "taskRunner"];

/** Groups with the types that have every word of `needle` in their name or title. */
export function filterGroups(groups: PluginGroup[], needle: string): PluginGroup[] {
  const words = needle
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const matches = (type: PluginType) => words.every((word) => `${type.type} ${type.title ?? ""}`.toLowerCase().includes(word));
  return groups.map((group) => ({ ...group, types: group.types.filter(matches) })).filter((group) => group.types.length > 0);
}

export function typesByKind(group: PluginGroup): { kind: PluginKind; types: PluginType[] }[] {
  return KINDS.map((kind) => ({ kind, types: group.types.filter((type) => type.kind === kind) })).filter(({ types }) => types.length > 0);
}
