import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

/** The subflows that a drawing shows inside itself; they are in the address. */
export function useExpanded(): { expanded: ComputedRef<string[]>; expand: (uids: string[]) => void } {
  const route = useRoute();
  const router = useRouter();
  const expanded = computed(() => [route.query.subflows].flat().filter((uid): uid is string => typeof uid === "string" && uid !== ""));
  return { expanded, expand: (uids) => void router.replace({ query: { ...route.query, subflows: uids.length > 0 ? uids : undefined } }) };
}
