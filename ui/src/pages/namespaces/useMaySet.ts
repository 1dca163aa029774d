import { computed, type ComputedRef } from "vue";
import { useSession } from "@/stores/session";

/** Whether the person may change what namespaces say of themselves, somewhere at least: the server has the last word. */
export function useMaySet(): ComputedRef<boolean> {
  const session = useSession();
  return computed(() => session.instance?.capabilities?.includes("NAMESPACE:UPDATE") !== false);
}
