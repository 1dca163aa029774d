import { optionalDate, type Page } from "@/api/convert";
import { API, getJson, sendJson, type Query } from "@/api/http";
import type { State } from "@/api/states";
import { toState } from "@/api/states";

export type BulkResource = "executions" | "flows" | "triggers";
const GUARDED: Record<BulkResource, string> = { executions: "EXECUTION", flows: "FLOW", triggers: "TRIGGER" };

/** The capability that the server asks for: that of the same act on one. */
export function neededFor(resource: BulkResource, action: string): string {
  const act = action === "delete" ? "DELETE" : action === "replay" ? "CREATE" : "UPDATE";
  return `${GUARDED[resource]}:${act}`;
}

export type OperationState = "CREATED" | "RUNNING" | "DONE" | "CANCELLED" | "FAILED";

/** The same act on many: it goes on at the server whatever becomes of this page. */
export interface Operation {
  id: string;
  resource: BulkResource;
  action: string;
  state: OperationState;
  total: number;
  done: number;
  failed: number;
  createdBy: string;
  createdAt: Date;
  endedAt: Date | undefined;
  error: string | undefined;
}

export interface Failure {
  seq: number;
  id: string;
  message: string;
}

/** Which ones: those with these ids, or all that match the filters of a list. */
export type Targets = { ids: string[] } | { filters: Query };

/** What an operation would meet. `states` and `fitting` are told of executions by their filters only. */
export interface Preview {
  total: number;
  fitting: number | undefined;
  states: ReadonlyMap<State, number>;
}

export interface Wish {
  resource: BulkResource;
  action: string;
  targets: Targets;
  options?: Record<string, unknown>;
}

interface WireOperation extends Omit<Operation, "createdAt" | "endedAt" | "error"> {
  createdAt: string;
  endedAt?: string;
  error?: string;
}

interface WireStart {
  operationId?: string;
  totalItems: number;
  fitting?: number;
  states?: Record<string, number>;
}

const toOperation = (wire: WireOperation): Operation => ({
  ...wire,
  createdAt: new Date(wire.createdAt),
  endedAt: optionalDate(wire.endedAt),
  error: wire.error,
});

export const isOpen = (operation: Operation): boolean => operation.state === "CREATED" || operation.state === "RUNNING";

/** Page, size and order are the list's; what it is narrowed to stays. */
export function onlyFilters(query: Query): Record<string, string | readonly string[]> {
  const kept = Object.entries(query).filter(([name, value]) => !["page", "size", "sort"].includes(name) && value !== undefined && value !== "");
  return Object.fromEntries(kept.map(([name, value]) => [name, typeof value === "object" ? value : String(value)]));
}

function bodyOf({ resource, action, targets, options }: Wish): unknown {
  const which = "ids" in targets ? { ids: targets.ids } : { filters: onlyFilters(targets.filters) };
  return { resource, action, options: options ?? {}, ...which };
}

export async function previewOperation(wish: Wish): Promise<Preview> {
  const wire = await sendJson<WireStart>("POST", `${API}/operations`, bodyOf(wish), { dryRun: true });
  return {
    total: wire?.totalItems ?? 0,
    fitting: wire?.fitting,
    states: new Map(Object.entries(wire?.states ?? {}).map(([state, count]) => [toState(state), count])),
  };
}

/** Returns the operation's id. */
export async function startOperation(wish: Wish): Promise<string> {
  const wire = await sendJson<WireStart>("POST", `${API}/operations`, bodyOf(wish));
  return wire?.operationId ?? "";
}

export async function getOperation(id: string, signal?: AbortSignal): Promise<Operation> {
  return toOperation(await getJson<WireOperation>(`${API}/operations/${id}`, undefined, signal));
}

export async function latestOperations(signal?: AbortSignal): Promise<Page<Operation>> {
  const wire = await getJson<{ results: WireOperation[]; total: number }>(`${API}/operations`, { size: 50 }, signal);
  return { rows: wire.results.map(toOperation), total: wire.total };
}

export async function operationFailures(id: string, after: number, signal?: AbortSignal): Promise<Failure[]> {
  return (await getJson<{ results: Failure[] }>(`${API}/operations/${id}/failures`, { after, size: 100 }, signal)).results;
}

export async function stopOperation(id: string): Promise<void> {
  await sendJson("DELETE", `${API}/operations/${id}`);
}
