import { computed, type ComputedRef } from "vue";
import { neededFor, type BulkResource } from "@/api/operations";
import { useSession } from "@/stores/session";

/** What the person may do to many at once, somewhere at least: the server has the last word. */
export function useMayOperate(resource: BulkResource): { may: (action: string) => boolean; mayAny: ComputedRef<boolean> } {
  const session = useSession();
  const may = (action: string): boolean => session.instance?.capabilities?.includes(neededFor(resource, action)) !== false;
  return { may, mayAny: computed(() => ["enable", "replay", "delete"].some(may)) };
}
