import { API, getJson, sendJson } from "@/api/http";
import type { FilterPage } from "@/filter/fields";

/** A filter that somebody keeps under a name. */
export interface SavedSearch {
  name: string;
  /** As it stands in the page's address. */
  query: string;
  shared: boolean;
  owner: string;
  own: boolean;
}

const pathOf = (page: FilterPage, name: string) => `${API}/searches/${page}/${encodeURIComponent(name)}`;

export async function savedSearches(page: FilterPage, signal?: AbortSignal): Promise<SavedSearch[]> {
  return (await getJson<{ results: SavedSearch[] }>(`${API}/searches/${page}`, undefined, signal)).results;
}

export async function saveSearch(page: FilterPage, name: string, query: string, shared: boolean): Promise<void> {
  await sendJson("PUT", pathOf(page, name), { query, shared });
}

export async function deleteSearch(page: FilterPage, name: string): Promise<void> {
  await sendJson("DELETE", pathOf(page, name));
}
