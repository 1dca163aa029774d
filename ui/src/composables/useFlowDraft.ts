import { ref, watch, type Ref } from "vue";

interface Draft {
  text: string;
  at: string;
}

interface FlowDraft {
  /** What was typed and never saved, from an earlier visit. */
  found: Ref<Draft | undefined>;
  drop(): void;
}

const PAUSE_MS = 400;

/** Keeps unsaved text in this browser, so that a crash or a closed tab loses nothing. */
export function useFlowDraft(name: string, text: Ref<string>, saved: Ref<string>): FlowDraft {
  const key = `sluice.draft.${name}`;
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
    found.value = undefined;
    try {
      localStorage.removeItem(key);
    } catch {
      // as above
    }
  }

  function keep(): void {
    try {
      localStorage.setItem(key, JSON.stringify({ text: text.value, at: new Date().toISOString() }));
    } catch {
      // storage is blocked or full: the question on leaving still protects the text
    }
  }

  watch(text, (now) => {
    clearTimeout(timer);
    if (now !== saved.value) timer = setTimeout(keep, PAUSE_MS);
    else if (found.value === undefined) drop();
  });
  return { found, drop };
}
