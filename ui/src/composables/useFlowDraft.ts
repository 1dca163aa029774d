import { onScopeDispose, ref, watch, type Ref } from "vue";
import { forgetText, keepText, keptText } from "@/api/personalTexts";
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
/** To the server it goes less often. */
const SERVER_PAUSE_MS = 3000;

/**
 * Keeps unsaved text for each user and flow: in this browser at once, so that a crash, a closed tab or the end of a session
 * loses nothing, and on the server, so that it is there on another machine. Of the two the newer one is found again.
 */
export function useFlowDraft(name: string, text: Ref<string>, saved: Ref<string>, revision: Ref<number | undefined>): FlowDraft {
  const user = useSession().instance?.user ?? "";
  const browser = browserDraft(`sluice.draft.${user}.${name}`);
  /** Where nobody is asked who he is, people would get each other's. */
  const server = user === "" ? undefined : serverDraft(name);
  const found = ref<Draft>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dropped = false;

  function offer(draft: Draft | undefined): void {
    if (draft === undefined || draft.text === saved.value || dropped) return;
    if (found.value === undefined || draft.at > found.value.at) found.value = draft;
  }

  function drop(): void {
    clearTimeout(timer);
    timer = undefined;
    dropped = true;
    found.value = undefined;
    browser.forget();
    server?.forget();
  }

  function keep(): void {
    timer = undefined;
    const draft = { text: text.value, at: new Date().toISOString(), revision: revision.value };
    browser.keep(draft);
    server?.keep(draft);
  }

  /** The last keys before the page goes. */
  function keepNow(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    keep();
  }

  offer(browser.read());
  // What somebody types meanwhile is newer than anything that was kept.
  void server?.read().then((draft) => timer === undefined && text.value === saved.value && offer(draft));
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
    server?.hurry();
  });
  return { found, drop };
}

/** Storage may be blocked, full, or hold what somebody else put there: then the question on leaving protects the text. */
function browserDraft(key: string): { read(): Draft | undefined; keep(draft: Draft): void; forget(): void } {
  const quietly = <T>(act: () => T): T | undefined => {
    try {
      return act();
    } catch {
      return undefined;
    }
  };
  return {
    read: () => quietly(() => toDraft(localStorage.getItem(key) ?? undefined)),
    keep: (draft) => void quietly(() => localStorage.setItem(key, JSON.stringify(draft))),
    forget: () => void quietly(() => localStorage.removeItem(key)),
  };
}

const toDraft = (text: string | undefined) => (text === undefined ? undefined : (JSON.parse(text) as Draft));

/**
 * The copy on the server: one request at a time, and of what is typed meanwhile the newest only. A failure is not told: the
 * browser has the text, and a server that is away has its banner.
 */
function serverDraft(name: string): { read(): Promise<Draft | undefined>; keep(draft: Draft): void; forget(): void; hurry(): void } {
  let next: Draft | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  let isThere = false;

  const inTurn = (act: () => Promise<void>): void => {
    running = running.then(act).catch(() => undefined);
  };
  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    const draft = next;
    next = undefined;
    if (draft === undefined) return;
    isThere = true;
    inTurn(() => keepText("drafts", name, JSON.stringify(draft)));
  }
  return {
    async read() {
      try {
        const draft = toDraft(await keptText("drafts", name));
        isThere ||= draft !== undefined;
        return draft;
      } catch {
        return undefined;
      }
    },
    keep(draft) {
      next = draft;
      timer ??= setTimeout(send, SERVER_PAUSE_MS);
    },
    forget() {
      clearTimeout(timer);
      timer = undefined;
      next = undefined;
      if (isThere) inTurn(() => forgetText("drafts", name));
      isThere = false;
    },
    hurry: send,
  };
}
