import { computed, type ComputedRef } from "vue";
import { useSession } from "@/stores/session";

/** Whether the person may do this somewhere at least, as far as the server tells: it has the last word. */
export function useMay(capability: string): ComputedRef<boolean> {
  const session = useSession();
  return computed(() => session.instance?.capabilities?.includes(capability) !== false);
}
