import { onScopeDispose, watch } from "vue";
import { keepText, keptText } from "@/api/personalTexts";
import { usePreferences } from "@/stores/preferences";
import { useSession } from "@/stores/session";

const PAUSE_MS = 1000;
const NAME = "page";

/**
 * Keeps a person's settings on the server, so that they are the same in every browser: those that he has ever changed. What
 * the server has counts when somebody comes in; what cannot be asked for or kept stays this browser's.
 */
export function useKeptSettings(): void {
  const session = useSession();
  const preferences = usePreferences();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** As the server has them; undefined: it has not been asked yet. What this page does not know stays in it. */
  let kept: Record<string, unknown> | undefined;
  let before: Record<string, string> = {};

  async function begin(user: string): Promise<void> {
    kept = undefined;
    if (user === "") return;
    try {
      const text = await keptText("settings", NAME);
      const found = text === undefined ? {} : (JSON.parse(text) as Record<string, unknown>);
      preferences.take(found);
      before = preferences.personal();
      kept = found;
    } catch {
      // the browser's own settings do
    }
  }

  async function keep(): Promise<void> {
    try {
      await keepText("settings", NAME, JSON.stringify(kept));
    } catch {
      // as above; the next change tries again
    }
  }

  watch(
    () => (session.state === "open" ? (session.instance?.user ?? "") : ""),
    (user) => void begin(user),
    { immediate: true },
  );
  watch(preferences.personal, (now) => {
    if (kept === undefined) return;
    const changed = Object.entries(now).filter(([name, value]) => value !== before[name]);
    if (changed.length === 0) return;
    kept = { ...kept, ...Object.fromEntries(changed) };
    before = now;
    clearTimeout(timer);
    timer = setTimeout(() => void keep(), PAUSE_MS);
  });
  onScopeDispose(() => clearTimeout(timer));
}
