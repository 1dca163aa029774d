import { optionalDate, type Page } from "@/api/convert";
import { API, getJson, sendJson, type Query } from "@/api/http";
import type { WirePage, WireTriggerRow, WireTriggerState } from "@/api/wire";

export interface Trigger {
  namespace: string;
  flowId: string;
  id: string;
  type: string | undefined;
  schedule: string | undefined;
  /** Switched off in the flow's source: only an edit of the flow can change it. */
  disabledInSource: boolean;
  disabled: boolean;
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
    disabledInSource: definition?.disabled ?? false,
    disabled: (state.disabled ?? false) || (definition?.disabled ?? false),
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

/** The state as the server has it now, for the calls that want it sent back. */
function identityOf(trigger: Trigger): Pick<WireTriggerState, "namespace" | "flowId" | "triggerId"> {
  return { namespace: trigger.namespace, flowId: trigger.flowId, triggerId: trigger.id };
}

export async function setTriggerDisabled(trigger: Trigger, disabled: boolean): Promise<void> {
  await sendJson("PUT", `${API}/triggers/set-disabled`, { ...identityOf(trigger), disabled });
}

export async function unlockTrigger(trigger: Trigger): Promise<void> {
  await sendJson("POST", `${API}/triggers/${trigger.namespace}/${trigger.flowId}/${trigger.id}/unlock`);
}

export async function restartTrigger(trigger: Trigger): Promise<void> {
  await sendJson("POST", `${API}/triggers/${trigger.namespace}/${trigger.flowId}/${trigger.id}/restart`);
}
