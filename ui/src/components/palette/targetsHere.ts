import type { RouteLocationNormalizedLoaded } from "vue-router";
import type { Target } from "@/components/palette/paletteSearch";
import { t, type TextKey } from "@/i18n";

/** The page asks, in a dialog of its own, and says if it is not possible now. */
const ACTIONS = ["restart", "replay", "kill", "pause", "resume", "labels", "changeStatus", "delete"] as const;
const EXECUTION_TABS = ["overview", "gantt", "logs", "topology", "outputs", "metrics", "dependencies"] as const;
const FLOW_TABS = ["overview", "topology", "executions", "edit", "revisions", "triggers", "logs", "metrics"] as const;

/** What can be done with the execution or the flow that is open. */
export function targetsHere(route: Pick<RouteLocationNormalizedLoaded, "name" | "params" | "query" | "fullPath">): Target[] {
  const { name, params } = route;
  if (name === "execution") {
    const { namespace, flowId, id } = params;
    return [
      ...ACTIONS.map((action) => toPlace(`action ${action}`, `action.${action}`, { name, params, query: { ...route.query, action } })),
      toPlace("edit flow", "action.editFlow", { name: "flow", params: { namespace, id: flowId, tab: "edit" } }),
      copy("copy id", "palette.copyId", String(id)),
      copy("copy link", "palette.copyLink", window.location.href),
      ...EXECUTION_TABS.map((tab) => toPlace(`tab ${tab}`, `execution.${tab}`, { name, params: { ...params, tab } })),
    ];
  }
  if (name !== "flow") return [];
  return [
    toPlace("execute", "flow.execute", { name, params, query: { ...route.query, execute: null } }),
    copy("copy link", "palette.copyLink", window.location.href),
    ...FLOW_TABS.map((tab) => toPlace(`tab ${tab}`, `flow.${tab}`, { name, params: { ...params, tab } })),
  ];
}

const toPlace = (key: string, text: TextKey, to: Target["to"]): Target => ({ key: `here ${key}`, group: "here", text: t(text), hint: "", to });
const copy = (key: string, text: TextKey, what: string): Target => ({
  key: `here ${key}`,
  group: "here",
  text: t(text),
  hint: "",
  run: () => void navigator.clipboard.writeText(what),
});
