import { onScopeDispose, ref, watch, type Ref } from "vue";
import { useSession } from "@/stores/session";

export interface Draft {
  text: string;
  at: string;
  /** The one that the text began from; undefined: a new flow. */
  revision: number | undefined;
}

interface FlowDraft {
  /** What was typed and never saved, from an earlier visit. */
  found: Ref<Draft | undefined>;
  drop(): void;
}

const PAUSE_MS = 400;

/**
 * Keeps unsaved text in this browser, for each user and flow, so that a crash, a closed tab or the end of a session
 * loses nothing.
 */
export function useFlowDraft(name: string, text: Ref<string>, saved: Ref<string>, revision: Ref<number | undefined>): FlowDraft {
  const key = `sluice.draft.${useSession().instance?.user ?? ""}.${name}`;
  const found = ref<Draft>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  try {
    const kept = localStorage.getItem(key);
    if (kept !== null) found.value = JSON.parse(kept) as Draft;
  } catch {
    // storage is blocked, or somebody else's: then there is no draft
  }
  if (found.value?.text === saved.value) found.value = undefined;

  function drop(): void {
    clearTimeout(timer);
    timer = undefined;
    found.value = undefined;
    try {
      localStorage.removeItem(key);
    } catch {
      // as above
    }
  }

  function keep(): void {
    timer = undefined;
    try {
      localStorage.setItem(key, JSON.stringify({ text: text.value, at: new Date().toISOString(), revision: revision.value } satisfies Draft));
    } catch {
      // storage is blocked or full: the question on leaving still protects the text
    }
  }

  /** The last keys before the page goes. */
  function keepNow(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    keep();
  }

  watch(text, (now) => {
    clearTimeout(timer);
    timer = undefined;
    if (now !== saved.value) timer = setTimeout(keep, PAUSE_MS);
    else if (found.value === undefined) drop();
  });
  window.addEventListener("pagehide", keepNow);
  onScopeDispose(() => {
    window.removeEventListener("pagehide", keepNow);
    keepNow();
  });
  return { found, drop };
}
