import type { Execution } from "@/api/executions";

const SHOWN = 20;

/** Newest first in, oldest first out: charts read from left to right. Keys are `namespace.flowId`. */
export function groupByFlow(executions: Execution[]): Map<string, Execution[]> {
  const flows = new Map<string, Execution[]>();
  for (const execution of executions) {
    const key = `${execution.namespace}.${execution.flowId}`;
    const runs = flows.get(key);
    if (runs === undefined) flows.set(key, [execution]);
    else if (runs.length < SHOWN) runs.push(execution);
  }
  for (const runs of flows.values()) runs.reverse();
  return flows;
}
