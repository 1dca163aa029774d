import { optionalDate, toLabels, type Label, type Page } from "@/api/convert";
import { API, getJson, sendJson, sendYaml, toQueryString, type Query } from "@/api/http";
import { toInput, type Input } from "@/api/inputs";
import type { WireFlow, WirePage, WireTask, WireTriggerDefinition, WireValidation } from "@/api/wire";

export interface TriggerDefinition {
  id: string;
  type: string;
  /** Cron, interval or whatever says when, as it stands in the flow. */
  schedule: string | undefined;
  disabled: boolean;
}

export interface Flow {
  id: string;
  namespace: string;
  revision: number;
  updatedAt: Date | undefined;
  description: string | undefined;
  disabled: boolean;
  deleted: boolean;
  labels: Label[];
  inputs: Input[];
  tasks: { id: string; type: string; depth: number }[];
  triggers: TriggerDefinition[];
  concurrencyLimit: number | undefined;
  source: string;
  /** Why the server can't read this flow; its source can still be edited. */
  unreadable: string | undefined;
}

export interface Problem {
  severity: "error" | "warning" | "info";
  message: string;
  path: string | undefined;
  line: number | undefined;
  column: number | undefined;
  endLine: number | undefined;
  endColumn: number | undefined;
}

export interface Validation {
  problems: Problem[];
  /** Somebody saved a newer revision meanwhile. */
  outdated: boolean;
}

function flatten(tasks: WireTask[], depth: number): Flow["tasks"] {
  return tasks.flatMap((task) => [{ id: task.id, type: task.type, depth }, ...flatten(task.tasks ?? [], depth + 1)]);
}

function toTriggerDefinition(wire: WireTriggerDefinition): TriggerDefinition {
  return { id: wire.id, type: wire.type, schedule: wire.cron ?? wire.interval, disabled: wire.disabled ?? false };
}

export function toFlow(wire: WireFlow): Flow {
  return {
    id: wire.id,
    namespace: wire.namespace,
    revision: wire.revision ?? 1,
    updatedAt: optionalDate(wire.updated),
    description: wire.description,
    disabled: wire.disabled ?? false,
    deleted: wire.deleted ?? false,
    labels: toLabels(wire.labels),
    inputs: (wire.inputs ?? []).map(toInput),
    tasks: flatten(wire.tasks ?? [], 0),
    triggers: (wire.triggers ?? []).map(toTriggerDefinition),
    concurrencyLimit: wire.concurrency?.limit,
    source: wire.source ?? "",
    unreadable: wire.exception,
  };
}

export function toValidation(wire: WireValidation): Validation {
  const nowhere = { path: undefined, line: undefined, column: undefined, endLine: undefined, endColumn: undefined };
  const placed = (wire.violations ?? []).map((violation) => ({
    severity: "error" as const,
    message: violation.message,
    path: violation.path,
    line: violation.line,
    column: violation.column,
    endLine: violation.endLine,
    endColumn: violation.endColumn,
  }));
  const unplaced = placed.length === 0 && wire.constraints !== undefined ? wire.constraints.split("\n").filter((line) => line !== "") : [];
  return {
    outdated: wire.outdated ?? false,
    problems: [
      ...placed,
      ...unplaced.map((message) => ({ severity: "error" as const, message, ...nowhere })),
      ...(wire.warnings ?? []).map((message) => ({ severity: "warning" as const, message, ...nowhere })),
      ...(wire.deprecationPaths ?? []).map((path) => ({ severity: "warning" as const, ...nowhere, message: "deprecated", path })),
      ...(wire.infos ?? []).map((message) => ({ severity: "info" as const, message, ...nowhere })),
    ],
  };
}

export async function searchFlows(query: Query, signal?: AbortSignal): Promise<Page<Flow>> {
  const page = await getJson<WirePage<WireFlow>>(`${API}/flows/search`, query, signal);
  return { rows: page.results.map(toFlow), total: page.total };
}

export async function getFlow(namespace: string, id: string, signal?: AbortSignal): Promise<Flow> {
  return toFlow(await getJson<WireFlow>(`${API}/flows/${namespace}/${id}`, { source: true, allowDeleted: true }, signal));
}

export async function getRevision(namespace: string, id: string, revision: number): Promise<Flow> {
  return toFlow(await getJson<WireFlow>(`${API}/flows/${namespace}/${id}`, { source: true, revision }));
}

/** Newest first. */
export async function getRevisions(namespace: string, id: string, signal?: AbortSignal): Promise<Flow[]> {
  const revisions = await getJson<WireFlow[]>(`${API}/flows/${namespace}/${id}/revisions`, { allowDelete: true }, signal);
  return revisions.map(toFlow).sort((left, right) => right.revision - left.revision);
}

export async function namespaces(signal?: AbortSignal): Promise<string[]> {
  return getJson<string[]>(`${API}/flows/distinct-namespaces`, undefined, signal);
}

export async function validateFlow(source: string, signal?: AbortSignal): Promise<Validation> {
  const documents = await sendYaml<WireValidation[]>("POST", `${API}/flows/validate`, source, signal);
  return toValidation(documents[0] ?? {});
}

export async function createFlow(source: string): Promise<Flow> {
  return toFlow(await sendYaml<WireFlow>("POST", `${API}/flows`, source));
}

/** `from`: the revision that the text comes from; refused with 409 when there is a newer one. */
export async function saveFlow(namespace: string, id: string, source: string, from?: number): Promise<Flow> {
  return toFlow(await sendYaml<WireFlow>("PUT", `${API}/flows/${namespace}/${id}${toQueryString({ expectedRevision: from })}`, source));
}

/** Writes it into its source, as a new revision. */
export async function enableFlow(namespace: string, id: string): Promise<void> {
  await sendJson("POST", `${API}/flows/enable/by-ids`, [{ namespace, id }]);
}

export async function deleteFlow(namespace: string, id: string): Promise<void> {
  await sendJson("DELETE", `${API}/flows/${namespace}/${id}`);
}

/** A flow whose text has the words, and the lines with them. */
export interface SourceHit {
  namespace: string;
  id: string;
  lines: { text: string; hit: boolean }[][];
}

/** `a [mark]b[/mark] c`: the server marks what it has found. Only the first mark of a line is one: the rest is the flow's text. */
export function partsOf(fragment: string): { text: string; hit: boolean }[] {
  const begin = fragment.indexOf("[mark]");
  const end = fragment.indexOf("[/mark]", begin);
  if (begin < 0 || end < 0) return [{ text: fragment, hit: false }];
  const parts = [
    { text: fragment.slice(0, begin), hit: false },
    { text: fragment.slice(begin + "[mark]".length, end), hit: true },
    { text: fragment.slice(end + "[/mark]".length), hit: false },
  ];
  return parts.filter(({ text }) => text !== "");
}

export async function searchSources(query: Query, signal?: AbortSignal): Promise<Page<SourceHit>> {
  const page = await getJson<WirePage<{ model: { namespace: string; id: string }; fragments: string[] }>>(`${API}/flows/source`, query, signal);
  return { rows: page.results.map(({ model, fragments }) => ({ namespace: model.namespace, id: model.id, lines: fragments.map(partsOf) })), total: page.total };
}
