import type { RouteLocationRaw } from "vue-router";
import type { LogLine } from "@/api/logs";

/** Where a line comes from. Lines of a trigger belong to no execution. */
export function linkToLine({ namespace, flowId, executionId }: Pick<LogLine, "namespace" | "flowId" | "executionId">): RouteLocationRaw {
  return executionId === ""
    ? { name: "flow", params: { namespace, id: flowId, tab: "triggers" } }
    : { name: "execution", params: { namespace, flowId, id: executionId, tab: "logs" } };
}
