import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

/** What is open beside a list stands in the address, so that a link leads to it and going back closes it. */
export function useOpened(parameter: string): { opened: ComputedRef<string | undefined>; close: () => void } {
  const route = useRoute();
  const router = useRouter();
  const opened = computed(() => {
    const value = route.query[parameter];
    return typeof value === "string" && value !== "" ? value : undefined;
  });

  function close(): void {
    const { [parameter]: _, ...rest } = route.query;
    void router.push({ query: rest, hash: route.hash });
  }
  return { opened, close };
}
