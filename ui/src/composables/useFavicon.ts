import { onScopeDispose, watchEffect } from "vue";
import { isOver, type State } from "@/api/states";

/** Of the dot in the browser's tab: how an execution stands, seen from another tab. */
const COLOURS: Partial<Record<State, string>> = { SUCCESS: "#16a34a", WARNING: "#d97706", FAILED: "#dc2626", KILLED: "#a16207", PAUSED: "#64748b" };
const RUNNING = "#7c3aed";

export function faviconOf(state: State): string {
  const colour = COLOURS[state] ?? (isOver(state) ? "#64748b" : RUNNING);
  // Running is a ring, an end a disc: colour is not alone.
  const shape = isOver(state) ? `fill="${colour}"` : `fill="none" stroke="${colour}" stroke-width="7"`;
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="${isOver(state) ? 14 : 11}" ${shape}/></svg>`)}`;
}

/** Shows it as long as a page wants that; then the usual one comes back. */
export function useFavicon(state: () => State | undefined): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  const usual = link?.href ?? "";
  watchEffect(() => {
    const now = state();
    if (link !== null) link.href = now === undefined ? usual : faviconOf(now);
  });
  onScopeDispose(() => {
    if (link !== null) link.href = usual;
  });
}
