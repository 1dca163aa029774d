import { API, getJson } from "@/api/http";
import type { WireMetric, WirePage } from "@/api/wire";
import type { Page } from "@/api/convert";

export interface Metric {
  key: string;
  taskId: string;
  taskRunId: string;
  name: string;
  /** Timers are in milliseconds. */
  kind: "counter" | "timer" | "gauge";
  value: number;
  at: Date;
  tags: Record<string, string>;
}

export const AGGREGATIONS = ["sum", "avg", "min", "max"] as const;
export type Aggregation = (typeof AGGREGATIONS)[number];

export interface MetricBucket {
  at: Date;
  value: number | undefined;
}

export interface MetricSeries {
  unit: "minute" | "hour" | "day" | "week" | "month";
  buckets: MetricBucket[];
}

function toMetric(wire: WireMetric, index: number): Metric {
  const kind = wire.type === "timer" || wire.type === "gauge" ? wire.type : "counter";
  return {
    key: `${wire.taskRunId ?? ""} ${wire.name} ${index}`,
    taskId: wire.taskId ?? "",
    taskRunId: wire.taskRunId ?? "",
    name: wire.name,
    kind,
    value: wire.value,
    at: new Date(wire.timestamp),
    tags: wire.tags ?? {},
  };
}

export async function executionMetrics(id: string, page: { page: number; size: number }, signal?: AbortSignal): Promise<Page<Metric>> {
  const wire = await getJson<WirePage<WireMetric>>(`${API}/metrics/${id}`, { ...page }, signal);
  return { rows: wire.results.map(toMetric), total: wire.total };
}

export async function tasksWithMetrics(namespace: string, flowId: string, signal?: AbortSignal): Promise<string[]> {
  return getJson<string[]>(`${API}/metrics/tasks/${namespace}/${flowId}`, undefined, signal);
}

const withTask = (taskId: string) => (taskId === "" ? "" : `/${taskId}`);

export async function metricNames(namespace: string, flowId: string, taskId: string, signal?: AbortSignal): Promise<string[]> {
  return getJson<string[]>(`${API}/metrics/names/${namespace}/${flowId}${withTask(taskId)}`, undefined, signal);
}

export async function metricSeries(
  at: { namespace: string; flowId: string; taskId: string; metric: string },
  options: { aggregation: Aggregation; from: Date; to: Date },
  signal?: AbortSignal,
): Promise<MetricSeries> {
  const path = `${API}/metrics/aggregates/${at.namespace}/${at.flowId}${withTask(at.taskId)}/${encodeURIComponent(at.metric)}`;
  const query = { aggregation: options.aggregation, startDate: options.from.toISOString(), endDate: options.to.toISOString() };
  const wire = await getJson<{ groupBy: string; aggregations: { date: string; value?: number }[] }>(path, query, signal);
  return {
    unit: wire.groupBy as MetricSeries["unit"],
    buckets: wire.aggregations.map(({ date, value }) => ({ at: new Date(date), value })),
  };
}
