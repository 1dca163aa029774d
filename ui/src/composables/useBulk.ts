import { computed, watch, type ComputedRef, type Ref } from "vue";
import type { Query } from "@/api/http";
import { onlyFilters, type BulkResource } from "@/api/operations";
import { useMayOperate } from "@/composables/useMayOperate";
import { useSelection, type Selection } from "@/composables/useSelection";
import { useOperations } from "@/stores/operations";

interface Bulk {
  selection: Selection;
  /** What the table marks; undefined: the person may do nothing to many, so there is nothing to choose. */
  selected: ComputedRef<ReadonlySet<string> | undefined>;
}

/** Rows of a list that an operation is for. Pages may be turned; another search begins anew. What ended loads the list again. */
export function useBulk(resource: BulkResource, query: Readonly<Ref<Query>>, reload: () => unknown): Bulk {
  const operations = useOperations();
  const { mayAny } = useMayOperate(resource);
  const selection = useSelection(() => JSON.stringify(onlyFilters(query.value)));
  watch(
    () => operations.ends,
    () => void reload(),
  );
  return { selection, selected: computed(() => (mayAny.value ? selection.keys.value : undefined)) };
}
