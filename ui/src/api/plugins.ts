import { getJson, INSTANCE_API } from "@/api/http";
import type { WirePlugin, WirePluginDoc, WirePluginElement, WireProperty } from "@/api/wire";

export type PluginKind = "task" | "trigger" | "condition" | "taskRunner";

export interface PluginType {
  type: string;
  kind: PluginKind;
  title: string | undefined;
  deprecated: boolean;
}

export interface PluginGroup {
  name: string;
  title: string;
  description: string | undefined;
  types: PluginType[];
}

export interface Property {
  name: string;
  type: string;
  description: string | undefined;
  required: boolean;
  dynamic: boolean;
  deprecated: boolean;
  default: string | undefined;
  choices: string[];
}

export interface PluginDoc {
  title: string | undefined;
  description: string | undefined;
  examples: { title: string | undefined; code: string }[];
  properties: Property[];
  outputs: Property[];
}

function toType(kind: PluginKind, wire: WirePluginElement): PluginType {
  if (typeof wire === "string") return { type: wire, kind, title: undefined, deprecated: false };
  return { type: wire.cls, kind, title: wire.title, deprecated: wire.deprecated ?? false };
}

export function toPluginGroup(wire: WirePlugin): PluginGroup {
  return {
    name: wire.name ?? wire.group ?? "",
    title: wire.title ?? wire.name ?? wire.group ?? "",
    description: wire.description,
    types: [
      ...(wire.tasks ?? []).map((type) => toType("task", type)),
      ...(wire.triggers ?? []).map((type) => toType("trigger", type)),
      ...(wire.conditions ?? []).map((type) => toType("condition", type)),
      ...(wire.taskRunners ?? []).map((type) => toType("taskRunner", type)),
    ],
  };
}

/** The type as a person would say it: `string`, `list of integer`, `string or list of string`. */
function typeText(wire: WireProperty): string {
  if (wire.anyOf !== undefined) return [...new Set(wire.anyOf.map(typeText))].join(" or ");
  if (wire.type === "array") return wire.items === undefined ? "list" : `list of ${typeText(wire.items)}`;
  if (wire.$ref !== undefined) return wire.$ref.split("/").at(-1) ?? "object";
  return wire.type ?? "any";
}

function toProperties(wire: Record<string, WireProperty> | undefined, required: string[]): Property[] {
  return Object.entries(wire ?? {})
    .map(([name, property]) => ({
      name,
      type: typeText(property),
      description: property.markdownDescription ?? property.description ?? property.title,
      required: property.$required ?? required.includes(name),
      dynamic: property.$dynamic ?? false,
      deprecated: property.$deprecated ?? false,
      default: property.default === undefined ? undefined : JSON.stringify(property.default),
      choices: (property.enum ?? []).map(String),
    }))
    .sort(
      (left, right) =>
        Number(right.required) - Number(left.required) || Number(left.deprecated) - Number(right.deprecated) || left.name.localeCompare(right.name),
    );
}

export function toPluginDoc(wire: WirePluginDoc): PluginDoc {
  const own = wire.schema?.properties;
  return {
    title: own?.title,
    description: own?.description ?? wire.markdown,
    examples: (own?.$examples ?? []).map((example) => ({ title: example.title, code: example.code ?? "" })),
    properties: toProperties(own?.properties, own?.required ?? []),
    outputs: toProperties(wire.schema?.outputs?.properties, []),
  };
}

export async function getPlugins(signal?: AbortSignal): Promise<PluginGroup[]> {
  return (await getJson<WirePlugin[]>(`${INSTANCE_API}/plugins`, undefined, signal)).map(toPluginGroup);
}

export async function getPluginDoc(type: string, signal?: AbortSignal): Promise<PluginDoc> {
  return toPluginDoc(await getJson<WirePluginDoc>(`${INSTANCE_API}/plugins/${type}`, { all: true }, signal));
}

/** A filter, function or test of the expression language. */
export interface ExpressionWord {
  kind: string;
  name: string;
  /** "format='iso', timeZone"; "..." for any number, "" for none */
  parameters: string;
  description: string;
}

export async function getExpressionWords(): Promise<ExpressionWord[]> {
  return getJson<ExpressionWord[]>(`${INSTANCE_API}/plugins/expressions`);
}

/** JSON Schema of a whole flow, for the editor's completion. */
export async function getFlowSchema(): Promise<object> {
  return getJson<object>(`${INSTANCE_API}/plugins/schemas/flow`);
}

/** Of the SVG that stands for a type. */
export function iconAddress(type: string): string {
  return `${INSTANCE_API}/plugins/${encodeURIComponent(type)}/icon.svg`;
}
