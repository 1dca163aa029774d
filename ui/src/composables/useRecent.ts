import { ref, type Ref } from "vue";
import type { Router } from "vue-router";

const KEY = "recentlyOpened";
const MOST = 12;

export interface Recent {
  path: string;
  title: string;
}

function read(): Recent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one): one is Recent => typeof one?.path === "string" && typeof one?.title === "string") : [];
  } catch {
    return []; // blocked, or not ours
  }
}

const recent = ref<Recent[]>(read());

/** Flows and executions that were opened in this browser, the last one first. */
export function useRecent(): Ref<Recent[]> {
  return recent;
}

export function rememberPages(router: Router): void {
  router.afterEach((to) => {
    if (to.name !== "flow" && to.name !== "execution") return;
    const { namespace, id, flowId } = to.params as Record<string, string>;
    const title = to.name === "flow" ? `${namespace}.${id}` : `${namespace}.${flowId} ${String(id).slice(-8)}`;
    const path = router.resolve({ name: to.name, params: { namespace, id, flowId } }).fullPath;
    recent.value = [{ path, title }, ...recent.value.filter((one) => one.path !== path)].slice(0, MOST);
    try {
      localStorage.setItem(KEY, JSON.stringify(recent.value));
    } catch {
      // storage is blocked: they last as long as the page
    }
  });
}
