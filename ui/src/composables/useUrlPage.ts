import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";
import { usePreferences } from "@/stores/preferences";

interface UrlPage {
  page: ComputedRef<number>;
  size: ComputedRef<number>;
  go(page: number): void;
  setSize(size: number): void;
}

/** The page of a list without filters, in the address. */
export function useUrlPage(): UrlPage {
  const route = useRoute();
  const router = useRouter();
  const preferences = usePreferences();
  const go = (page: number) => void router.push({ query: { ...route.query, page: page > 1 ? String(page) : undefined } });
  return {
    page: computed(() => Math.max(1, Number(route.query.page) || 1)),
    size: computed(() => Number(preferences.pageSize)),
    go,
    setSize: (size) => {
      preferences.pageSize = String(size);
      go(1);
    },
  };
}
