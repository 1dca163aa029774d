// The board of the stand-in: the same numbers that the server would tell, counted one by one.
import { isOver } from "./simulation.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const RANGES = { PT24H: DAY, P7D: 7 * DAY, P30D: 30 * DAY };

const iso = (at) => new Date(at).toISOString();
const startOf = (one) => Date.parse(one.state.startDate);
const seconds = (one) => (Date.parse(one.state.endDate ?? iso(Date.now())) - startOf(one)) / 1000;

function quantile(values, part) {
  return values.length === 0 ? undefined : values[Math.min(values.length - 1, Math.floor(part * values.length))];
}

function numbersOf(rows) {
  const counts = {};
  for (const one of rows) counts[one.state.current] = (counts[one.state.current] ?? 0) + 1;
  const took = rows
    .filter((one) => ["SUCCESS", "WARNING"].includes(one.state.current))
    .map(seconds)
    .sort((left, right) => left - right);
  return { counts, total: rows.length, durations: { p50: quantile(took, 0.5), p95: quantile(took, 0.95), p99: quantile(took, 0.99) } };
}

function byFlow(rows) {
  const flows = new Map();
  for (const one of rows) {
    const key = `${one.namespace}.${one.flowId}`;
    flows.set(key, [...(flows.get(key) ?? []), one]);
  }
  return [...flows.values()];
}

export function boardOf({ executions, triggers, services, query, flowCount }) {
  const [namespace, flowId] = [query.get("namespace"), query.get("flowId")];
  const mine = (one) => (!namespace || one.namespace === namespace || one.namespace.startsWith(`${namespace}.`)) && (!flowId || one.flowId === flowId);
  const length = RANGES[query.get("timeRange")] ?? DAY;
  const step = length > 3 * DAY ? DAY : HOUR;
  const until = Math.floor(Date.now() / HOUR) * HOUR + HOUR;
  const from = Math.floor((Date.now() - length + step) / step) * step;
  const all = executions.filter(mine).sort((left, right) => startOf(right) - startOf(left));
  const between = (begin, end) => all.filter((one) => startOf(one) >= begin && startOf(one) < end);
  const series = [];
  for (let at = from; at < until; at += step) series.push({ at: iso(at), ...numbersOf(between(at, Math.min(at + step, until))) });
  const failing = byFlow(between(Date.now() - DAY, until))
    .map((rows) => ({ rows, failed: rows.filter((one) => one.state.current === "FAILED") }))
    .filter(({ failed }) => failed.length > 0)
    .map(({ rows, failed }) => ({
      namespace: failed[0].namespace,
      flowId: failed[0].flowId,
      failed: failed.length,
      executionId: failed[0].id,
      endedAt: failed[0].state.endDate,
      message: "the warehouse refused the connection: too many clients",
      lastState: rows.find((one) => isOver(one.state.current)).state.current,
    }))
    .sort((left, right) => (left.lastState === "FAILED" ? 0 : 1) - (right.lastState === "FAILED" ? 0 : 1) || right.endedAt.localeCompare(left.endedAt));
  const place = ({ namespace, flowId }) => ({ namespace, flowId });
  const rows = triggers.filter(mine);
  return {
    from: iso(from),
    until: iso(until),
    unit: step === DAY ? "day" : "hour",
    ...numbersOf(between(from, until)),
    series,
    before: numbersOf(between(from - (until - from), from)),
    now: numbersOf(all.filter((one) => !isOver(one.state.current))).counts,
    flows: byFlow(between(from, until))
      .map((runs) => {
        const well = runs.filter((one) => one.state.current === "SUCCESS");
        return {
          ...place(runs[0]),
          executions: runs.length,
          failed: runs.filter((one) => ["FAILED", "KILLED"].includes(one.state.current)).length,
          endedWell: well.length,
          averageSeconds: well.length > 0 ? well.reduce((sum, one) => sum + seconds(one), 0) / well.length : undefined,
        };
      })
      .sort((left, right) => right.failed - left.failed || right.executions - left.executions)
      .slice(0, 12),
    next: rows
      .filter((one) => one.nextExecutionDate && !one.disabled && Date.parse(one.nextExecutionDate) > Date.now())
      .sort((left, right) => left.nextExecutionDate.localeCompare(right.nextExecutionDate))
      .slice(0, 8)
      .map((one) => ({ ...place(one), triggerId: one.triggerId, at: one.nextExecutionDate })),
    attention: {
      failing,
      paused: all.filter((one) => one.state.current === "PAUSED").map((one) => ({ ...place(one), executionId: one.id, state: "PAUSED", since: one.state.histories.at(-1).date })),
      queued: [],
      parked: [],
      overdue: rows
        .filter((one) => one.nextExecutionDate && !one.disabled && !one.executionId && Date.parse(one.nextExecutionDate) < Date.now() - 60_000)
        .map((one) => ({ ...place(one), triggerId: one.triggerId, dueAt: one.nextExecutionDate })),
      troubled: [],
      stranded: [],
      lost: namespace
        ? []
        : services
            .filter((one) => ["DEAD", "DISCONNECTED"].includes(one.state))
            .map((one) => ({ serviceId: one.id, roles: one.roles.join(", "), state: one.state, host: one.host, since: one.heartbeatAt })),
    },
    summary: { flows: flowCount, triggers: rows.length },
  };
}
