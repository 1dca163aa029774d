import type { Execution } from "@/api/executions";
import { isGone, isHealthy, type Service } from "@/api/services";
import type { Trigger } from "@/api/triggers";

/** Something that a person should look at, gravest first. */
export type Matter =
  | { kind: "failed"; namespace: string; flowId: string; count: number; last: Execution }
  | { kind: "paused"; execution: Execution }
  | { kind: "late"; trigger: Trigger }
  | { kind: "service"; service: Service }
  | { kind: "queued"; count: number };

/** A trigger may be this much behind before anybody is told. */
const LATE_AFTER_MS = 60_000;

interface Findings {
  failed: Execution[];
  paused: Execution[];
  queued: number;
  triggers: Trigger[];
  services: Service[];
}

export function isLate(trigger: Trigger, now: Date): boolean {
  const { nextDate, disabled, executionId, evaluatingSince } = trigger;
  const waits = executionId !== undefined || evaluatingSince !== undefined;
  return nextDate !== undefined && !disabled && !waits && now.getTime() - nextDate.getTime() > LATE_AFTER_MS;
}

export function whatNeedsAttention(findings: Findings, now: Date): Matter[] {
  const sick = findings.services.filter((service) => !isHealthy(service) && !isGone(service));
  return [
    ...sick.map((service): Matter => ({ kind: "service", service })),
    ...byFlow(findings.failed),
    ...findings.triggers.filter((trigger) => isLate(trigger, now)).map((trigger): Matter => ({ kind: "late", trigger })),
    ...findings.paused.map((execution): Matter => ({ kind: "paused", execution })),
    ...(findings.queued > 0 ? [{ kind: "queued", count: findings.queued } as const] : []),
  ];
}

/** One entry for each failing flow, those that fail most in front. Executions come newest first. */
function byFlow(failed: Execution[]): Matter[] {
  const flows = new Map<string, { last: Execution; count: number }>();
  for (const execution of failed) {
    const key = `${execution.namespace}.${execution.flowId}`;
    const known = flows.get(key);
    if (known === undefined) flows.set(key, { last: execution, count: 1 });
    else known.count++;
  }
  return [...flows.values()]
    .sort((left, right) => right.count - left.count)
    .map(({ last, count }) => ({ kind: "failed", namespace: last.namespace, flowId: last.flowId, count, last }));
}
