import { onScopeDispose } from "vue";

/** When this page was left the last time, in this browser. undefined: never, or the browser keeps nothing. */
export function useLastVisit(page: string): Date | undefined {
  const key = `lastVisit.${page}`;
  const leave = () => {
    try {
      localStorage.setItem(key, new Date().toISOString());
    } catch {
      // storage is blocked: nothing is ever new
    }
  };
  window.addEventListener("pagehide", leave);
  onScopeDispose(() => {
    window.removeEventListener("pagehide", leave);
    leave();
  });
  try {
    const kept = localStorage.getItem(key);
    const at = kept === null ? undefined : new Date(kept);
    return at !== undefined && !Number.isNaN(at.getTime()) ? at : undefined;
  } catch {
    return undefined;
  }
}
