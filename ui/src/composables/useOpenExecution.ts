import { useRouter } from "vue-router";
import type { Execution } from "@/api/executions";
import { usePreferences } from "@/stores/preferences";

/** Shows an execution that has just been started, where and how the person wants it. */
export function useOpenExecution(): (execution: Pick<Execution, "namespace" | "flowId" | "id">) => Promise<void> {
  const router = useRouter();
  const preferences = usePreferences();
  return async ({ namespace, flowId, id }) => {
    const target = { name: "execution", params: { namespace, flowId, id, tab: preferences.executionTab } };
    // A browser that refuses the new tab shows it here.
    if (preferences.executeIn === "new tab" && window.open(router.resolve(target).href, "_blank") !== null) return;
    await router.push(target);
  };
}
