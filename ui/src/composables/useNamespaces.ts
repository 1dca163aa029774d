import { shallowRef, type ShallowRef } from "vue";
import { namespaces } from "@/api/flows";

/** The names for the namespace filter: fetched when somebody opens it. */
export function useNamespaces(): { names: ShallowRef<string[]>; need: () => Promise<void> } {
  const names = shallowRef<string[]>([]);
  async function need(): Promise<void> {
    // Without the names the filter can still be typed in the address; the connection banner tells the rest.
    names.value = await namespaces().catch(() => names.value);
  }
  return { names, need };
}
