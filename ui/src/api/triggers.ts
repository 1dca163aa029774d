import { optionalDate, type Label, type Page } from "@/api/convert";
import { API, getJson, sendJson, type Query } from "@/api/http";
import { toState, type State } from "@/api/states";
import type { WirePage, WireTriggerExplanation, WireTriggerPreview, WireTriggerRow, WireTriggerState } from "@/api/wire";

export interface Trigger {
  namespace: string;
  flowId: string;
  id: string;
  type: string | undefined;
  schedule: string | undefined;
  /** It has dates: they can be shown in advance and run through again. */
  hasDates: boolean;
  /** Switched off in the flow's source: only an edit of the flow can change it. */
  disabledInSource: boolean;
  disabled: boolean;
  /** Who or what switched it off beside the source, and when. */
  disabledBy: string | undefined;
  disabledSince: Date | undefined;
  /** The flow no longer has this trigger; only its state is left. */
  orphaned: boolean;
  lastDate: Date | undefined;
  nextDate: Date | undefined;
  executionId: string | undefined;
  evaluatingSince: Date | undefined;
  backfill: { from: Date; to: Date | undefined; at: Date | undefined; paused: boolean } | undefined;
}

export function toTrigger(wire: WireTriggerRow): Trigger {
  const { triggerContext: state, abstractTrigger: definition } = wire;
  return {
    namespace: state.namespace,
    flowId: state.flowId,
    id: state.triggerId,
    type: definition?.type,
    schedule: definition?.cron ?? definition?.interval,
    hasDates: /\.trigger\.Schedule(OnDates)?$/.test(definition?.type ?? ""),
    disabledInSource: definition?.disabled ?? false,
    disabled: (state.disabled ?? false) || (definition?.disabled ?? false),
    disabledBy: state.disabledBy,
    disabledSince: optionalDate(state.disabledDate),
    orphaned: definition === undefined,
    lastDate: optionalDate(state.date),
    nextDate: optionalDate(state.nextExecutionDate),
    executionId: state.executionId,
    evaluatingSince: optionalDate(state.evaluateRunningDate),
    backfill: state.backfill && {
      from: new Date(state.backfill.start),
      to: optionalDate(state.backfill.end),
      at: optionalDate(state.backfill.currentDate),
      paused: state.backfill.paused ?? false,
    },
  };
}

export async function searchTriggers(query: Query, signal?: AbortSignal): Promise<Page<Trigger>> {
  const page = await getJson<WirePage<WireTriggerRow>>(`${API}/triggers/search`, query, signal);
  return { rows: page.results.map(toTrigger), total: page.total };
}

/** A trigger by its address in the page: namespace, flow, id. */
export interface TriggerKey {
  namespace: string;
  flowId: string;
  id: string;
}

const addressOf = ({ namespace, flowId, id }: TriggerKey) => `${API}/triggers/${namespace}/${flowId}/${id}`;

/** The state as the server has it now, for the calls that want it sent back. */
function identityOf(trigger: TriggerKey): Pick<WireTriggerState, "namespace" | "flowId" | "triggerId"> {
  return { namespace: trigger.namespace, flowId: trigger.flowId, triggerId: trigger.id };
}

export async function setTriggerDisabled(trigger: TriggerKey, disabled: boolean): Promise<void> {
  await sendJson("PUT", `${API}/triggers/set-disabled`, { ...identityOf(trigger), disabled });
}

export async function unlockTrigger(trigger: TriggerKey): Promise<void> {
  await sendJson("POST", `${addressOf(trigger)}/unlock`);
}

export async function restartTrigger(trigger: TriggerKey): Promise<void> {
  await sendJson("POST", `${addressOf(trigger)}/restart`);
}

export type Fate = "FIRED" | "SKIPPED" | "OVERLAPPED" | "MISSED" | "RECOVERED" | "FAILED";

/** What became of one date of a trigger. */
export interface Fire {
  date: Date;
  fate: Fate;
  reason: string | undefined;
  executionId: string | undefined;
  executionState: State | undefined;
}

export interface Explanation {
  trigger: Trigger;
  reasons: { code: string; text: string; since: Date | undefined }[];
  fires: Fire[];
}

export interface NextDate {
  date: Date;
  /** In the trigger's own zone. */
  local: string;
  runs: boolean;
  reason: string | undefined;
  note: string | undefined;
}

export async function explainTrigger(key: TriggerKey, signal?: AbortSignal): Promise<Explanation> {
  const wire = await getJson<WireTriggerExplanation>(`${addressOf(key)}/explain`, undefined, signal);
  return {
    trigger: toTrigger({ triggerContext: wire.trigger, abstractTrigger: undefined }),
    reasons: wire.reasons.map((one) => ({ code: one.code, text: one.text, since: optionalDate(one.since) })),
    fires: wire.fires.map((one) => ({
      date: new Date(one.date),
      fate: one.fate as Fate,
      reason: one.reason,
      executionId: one.executionId,
      executionState: one.executionState === undefined ? undefined : toState(one.executionState),
    })),
  };
}

export async function previewTrigger(key: TriggerKey, count: number, signal?: AbortSignal): Promise<NextDate[]> {
  const wire = await getJson<WireTriggerPreview>(`${addressOf(key)}/preview`, { count }, signal);
  return wire.dates.map((one) => ({ date: new Date(one.date), local: one.local, runs: one.runs, reason: one.reason, note: one.note }));
}

export interface BackfillRequest {
  start: Date;
  end: Date | undefined;
  inputs: Record<string, unknown>;
  labels: Label[];
}

export async function startBackfill(key: TriggerKey, backfill: BackfillRequest): Promise<void> {
  const body = { start: backfill.start.toISOString(), end: backfill.end?.toISOString(), inputs: backfill.inputs, labels: backfill.labels };
  await sendJson("PUT", `${API}/triggers/backfill/create`, { namespace: key.namespace, flowId: key.flowId, triggerId: key.id, backfill: body });
}

export type BackfillVerb = "pause" | "unpause" | "delete";

export async function changeBackfill(key: TriggerKey, verb: BackfillVerb): Promise<void> {
  const body = { namespace: key.namespace, flowId: key.flowId, triggerId: key.id };
  await sendJson(verb === "delete" ? "POST" : "PUT", `${API}/triggers/backfill/${verb}`, body);
}

export async function deleteTrigger(key: TriggerKey): Promise<void> {
  await sendJson("DELETE", addressOf(key));
}
