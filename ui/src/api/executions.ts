import { toLabels, toProgress, optionalDate, type Label, type Page, type Progress } from "@/api/convert";
import { toFlow, type Flow } from "@/api/flows";
import { API, getJson, request, sendForm, sendJson, uploadForm, type Query } from "@/api/http";
import { toInputCheck, type InputCheck } from "@/api/inputs";
import { toTaskRun, type TaskRun } from "@/api/taskRuns";
import type { State } from "@/api/states";
import type { WireEvaluation, WireExecution, WireFilePreview, WireFlow, WireInputCheck, WirePage, WireWhy } from "@/api/wire";

export interface Execution {
  id: string;
  namespace: string;
  flowId: string;
  revision: number | undefined;
  progress: Progress;
  state: State;
  labels: Label[];
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  variables: Record<string, unknown>;
  taskRuns: TaskRun[];
  trigger: { id: string; type: string; variables: Record<string, unknown> } | undefined;
  parentId: string | undefined;
  originalId: string | undefined;
  attempt: number;
  scheduledFor: Date | undefined;
  error: string | undefined;
  /** What the server would do now; undefined when it doesn't say. */
  allowedActions: string[] | undefined;
  /** And why it would not do the rest. */
  refusedActions: Record<string, string>;
}

export interface Reason {
  code: string;
  text: string;
  since: Date | undefined;
}

export interface FilePreview {
  kind: "text" | "rows" | "image" | "other";
  text: string;
  rows: Record<string, unknown>[];
  truncated: boolean;
}

export function toExecution(wire: WireExecution): Execution {
  const progress = toProgress(wire.state);
  return {
    id: wire.id,
    namespace: wire.namespace,
    flowId: wire.flowId,
    revision: wire.flowRevision,
    progress,
    state: progress.state,
    labels: toLabels(wire.labels),
    inputs: wire.inputs ?? {},
    outputs: wire.outputs ?? {},
    variables: wire.variables ?? {},
    taskRuns: (wire.taskRunList ?? []).map(toTaskRun),
    trigger: wire.trigger && { id: wire.trigger.id, type: wire.trigger.type, variables: wire.trigger.variables ?? {} },
    parentId: wire.parentId,
    originalId: wire.originalId,
    attempt: wire.metadata?.attemptNumber ?? 1,
    scheduledFor: optionalDate(wire.scheduleDate),
    error: wire.error?.message,
    allowedActions: wire.allowedActions,
    refusedActions: wire.refusedActions ?? {},
  };
}

export function parseExecution(json: string): Execution {
  return toExecution(JSON.parse(json) as WireExecution);
}

export async function searchExecutions(query: Query, signal?: AbortSignal): Promise<Page<Execution>> {
  const page = await getJson<WirePage<WireExecution>>(`${API}/executions/search`, { light: true, ...query }, signal);
  return { rows: page.results.map(toExecution), total: page.total };
}

export async function getExecution(id: string, signal?: AbortSignal): Promise<Execution> {
  return toExecution(await getJson<WireExecution>(`${API}/executions/${id}`, undefined, signal));
}

export function followUrl(id: string): string {
  return `${API}/executions/${id}/follow`;
}

export async function whyWaiting(id: string, signal?: AbortSignal): Promise<Reason[]> {
  const wire = await getJson<WireWhy>(`${API}/executions/${id}/why`, undefined, signal);
  return wire.reasons.map((reason) => ({ code: reason.code, text: reason.text, since: optionalDate(reason.since) }));
}

/** The types of the tasks of the revision that ran, by task id. */
export async function taskTypes(id: string, signal?: AbortSignal): Promise<Map<string, string>> {
  const flow = await getJson<WireFlow>(`${API}/executions/${id}/flow`, undefined, signal);
  const types = new Map<string, string>();
  const pending = [...(flow.tasks ?? [])];
  for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
    types.set(task.id, task.type);
    pending.push(...(task.tasks ?? []));
  }
  return types;
}

export interface Evaluation {
  result: string | undefined;
  /** What is wrong with the expression. */
  error: string | undefined;
}

export async function evaluate(id: string, text: string, taskRunId: string | undefined): Promise<Evaluation> {
  const path = `${API}/executions/${id}/eval${taskRunId === undefined ? "" : `/${taskRunId}`}`;
  const response = await request(path, { method: "POST", body: text, contentType: "text/plain" });
  const wire = (await response.json()) as WireEvaluation;
  return { result: wire.result, error: wire.error };
}

/** What is asked for to begin an execution. */
export interface StartCall {
  path: string;
  query: Query;
}

export const startCall = (namespace: string, flowId: string, query: Query): StartCall => ({ path: `${API}/executions/${namespace}/${flowId}`, query });

/** Of the revision that ran; what is not sent stays as it was. */
export const replayCall = (id: string): StartCall => ({ path: `${API}/executions/${id}/replay-with-inputs`, query: {} });

/** `onProgress` is told how much of the files has been sent. */
export async function startExecution({ path, query }: StartCall, form: FormData, onProgress?: (part: number) => void): Promise<Execution> {
  if (onProgress !== undefined) return toExecution(await uploadForm<WireExecution>(path, form, query, onProgress));
  return toExecution((await sendForm<WireExecution>(path, form, query)) as WireExecution);
}

export async function checkInputs(flow: { namespace: string; id: string; revision?: number }, form: FormData, signal?: AbortSignal): Promise<InputCheck> {
  const wire = await sendForm<WireInputCheck>(`${API}/executions/${flow.namespace}/${flow.id}/validate`, form, { revision: flow.revision }, signal);
  return toInputCheck(wire ?? {});
}

/** The flow as it was when the execution began. */
export async function flowOf(id: string, signal?: AbortSignal): Promise<Flow> {
  return toFlow(await getJson<WireFlow>(`${API}/executions/${id}/flow`, undefined, signal));
}

export async function checkResumeInputs(id: string, form: FormData, signal?: AbortSignal): Promise<InputCheck> {
  return toInputCheck((await sendForm<WireInputCheck>(`${API}/executions/${id}/resume/validate`, form, {}, signal)) ?? {});
}

export async function resume(id: string, form: FormData): Promise<void> {
  await sendForm(`${API}/executions/${id}/resume`, form);
}

export async function kill(id: string, withChildren: boolean): Promise<void> {
  await sendJson("DELETE", `${API}/executions/${id}/kill`, undefined, { isOnKillCascade: withChildren });
}

/** The same execution goes on, or with another revision a new one: the answer tells which. */
export async function restart(id: string, revision?: number): Promise<Execution> {
  return toExecution((await sendJson<WireExecution>("POST", `${API}/executions/${id}/restart`, undefined, { revision })) as WireExecution);
}

export async function replay(id: string, options: { taskRunId?: string; revision?: number }): Promise<Execution> {
  return toExecution((await sendJson<WireExecution>("POST", `${API}/executions/${id}/replay`, undefined, { ...options })) as WireExecution);
}

export type PlainVerb = "pause" | "unqueue" | "force-run";

export async function command(id: string, verb: PlainVerb): Promise<void> {
  await sendJson("POST", `${API}/executions/${id}/${verb}`);
}

export async function changeStatus(id: string, status: State): Promise<void> {
  await sendJson("POST", `${API}/executions/${id}/change-status`, undefined, { status });
}

export async function setLabels(id: string, labels: Label[]): Promise<void> {
  await sendJson("POST", `${API}/executions/${id}/labels`, labels, { replace: true });
}

export async function deleteExecution(id: string): Promise<void> {
  await sendJson("DELETE", `${API}/executions/${id}`);
}

export function fileUrl(id: string, path: string): string {
  return `${API}/executions/${id}/file?path=${encodeURIComponent(path)}`;
}

export async function previewFile(id: string, path: string, signal?: AbortSignal): Promise<FilePreview> {
  const wire = await getJson<WireFilePreview>(`${API}/executions/${id}/file/preview`, { path, maxRows: 100 }, signal);
  const rows = wire.type === "LIST" && Array.isArray(wire.content) ? (wire.content as Record<string, unknown>[]) : [];
  const kind = wire.type === "LIST" ? "rows" : wire.type === "TEXT" || wire.type === "MARKDOWN" ? "text" : wire.type === "IMAGE" ? "image" : "other";
  return { kind, rows, text: typeof wire.content === "string" ? wire.content : "", truncated: wire.truncated ?? false };
}
