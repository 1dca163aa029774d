import { ref, type Ref } from "vue";
import { useToasts } from "@/stores/toasts";

/** Runs one thing at a time that a person asked for, and tells how it went. */
export function useAction(): { busy: Ref<boolean>; run: (texts: { done?: string; failed: string }, act: () => Promise<void>) => Promise<boolean> } {
  const toasts = useToasts();
  const busy = ref(false);

  async function run(texts: { done?: string; failed: string }, act: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    try {
      await act();
      if (texts.done !== undefined) toasts.succeeded(texts.done);
      return true;
    } catch (error) {
      toasts.failed(texts.failed, error);
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, run };
}
