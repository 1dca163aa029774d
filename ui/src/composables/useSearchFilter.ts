import { computed, type ComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";
import { emptyFilter, fromAddress, toAddress, toQuery, type SearchFilter } from "@/composables/searchFilter";
import type { Query } from "@/api/http";
import { usePreferences } from "@/stores/preferences";

interface UrlFilter {
  filter: ComputedRef<SearchFilter>;
  size: ComputedRef<number>;
  sort: ComputedRef<string>;
  /** Everything that the server is asked for. */
  query: ComputedRef<Query>;
  /** Narrows or widens; the list begins again at its first page. */
  change(part: Partial<SearchFilter>): void;
  clear(): void;
  goToPage(page: number): void;
  setSize(size: number): void;
}

/** The filter of the page that is open, read from its address and written to it: back and forward restore it. */
export function useSearchFilter(options: {
  sort: string;
  fixed?: () => Partial<SearchFilter>;
  /** Opened without a word in the address it begins in the namespace that the person has chosen for that. */
  inDefaultNamespace?: boolean;
}): UrlFilter {
  const route = useRoute();
  const router = useRouter();
  const preferences = usePreferences();
  const filter = computed(() => fromAddress(route.query));
  const size = computed(() => filter.value.size ?? Number(preferences.pageSize));
  const sort = computed(() => filter.value.sort || options.sort);
  const query = computed<Query>(() => ({
    page: filter.value.page,
    size: size.value,
    sort: sort.value,
    ...toQuery({ ...filter.value, ...options.fixed?.() }),
  }));

  if (options.inDefaultNamespace === true && preferences.defaultNamespace !== "" && Object.keys(route.query).length === 0)
    void router.replace({ query: toAddress({ ...emptyFilter(), namespace: preferences.defaultNamespace }), hash: route.hash });

  function go(next: SearchFilter): void {
    void router.push({ query: toAddress(next), hash: route.hash });
  }

  return {
    filter,
    size,
    sort,
    query,
    change: (part) => go({ ...filter.value, page: 1, ...part }),
    clear: () => go({ ...emptyFilter(), size: filter.value.size, sort: filter.value.sort }),
    goToPage: (page) => go({ ...filter.value, page }),
    setSize: (next) => {
      preferences.pageSize = String(next);
      go({ ...filter.value, page: 1, size: undefined });
    },
  };
}
