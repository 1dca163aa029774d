import { ref } from "vue";
import { searchFlows } from "@/api/flows";
import type { KnownValues } from "@/filter/complete";

const FLOWS = 500;

/** Values that a filter can be completed with: those of the flows, asked for when somebody begins to write. */
export function useFilterValues(): { known: KnownValues; need(): void } {
  const values = ref<Map<string, string[]>>(new Map());
  let asked = false;

  async function load(): Promise<void> {
    const { rows } = await searchFlows({ size: FLOWS, sort: "id:asc" });
    const found = new Map<string, Set<string>>();
    const put = (name: string, value: string) => found.set(name, (found.get(name) ?? new Set()).add(value));
    for (const flow of rows) {
      put("namespace", flow.namespace);
      put("flowId", flow.id);
      for (const { key, value } of flow.labels) {
        put("labels", key);
        put(`labels.${key}`, value);
      }
      for (const trigger of flow.triggers) put("triggerId", trigger.id);
    }
    values.value = new Map([...found].map(([name, set]) => [name, [...set].sort()]));
  }

  return {
    known: (field, key) => values.value.get(key === undefined ? field : `${field}.${key}`) ?? [],
    need() {
      if (asked) return;
      asked = true;
      // Completion is a help: without it everything can still be written.
      load().catch(() => (asked = false));
    },
  };
}
