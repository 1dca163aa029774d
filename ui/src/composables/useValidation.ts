import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from "vue";
import { validateFlow, type Problem } from "@/api/flows";

const PAUSE_MS = 400;

interface LiveValidation {
  problems: ShallowRef<Problem[]>;
  outdated: Ref<boolean>;
  checking: Ref<boolean>;
  failure: Ref<string>;
}

/** What the server says of the text, a moment after the last key. `forServer` may add what only the check needs. */
export function useValidation(text: Ref<string>, forServer: (text: string) => string = (same) => same): LiveValidation {
  const problems = shallowRef<Problem[]>([]);
  const outdated = ref(false);
  const checking = ref(false);
  const failure = ref("");
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  async function ask(): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    try {
      const answer = await validateFlow(forServer(text.value), mine.signal);
      problems.value = answer.problems;
      outdated.value = answer.outdated;
      failure.value = "";
    } catch (error) {
      if (!mine.signal.aborted) failure.value = (error as Error).message;
    } finally {
      if (running === mine) checking.value = false;
    }
  }

  watch(
    text,
    () => {
      clearTimeout(timer);
      checking.value = true;
      timer = setTimeout(() => void ask(), PAUSE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    running?.abort();
  });
  return { problems, outdated, checking, failure };
}
