import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from "vue";
import { ALL_TASKS } from "@/components/logs/logTasks";

export interface LogControls {
  needle: Ref<string>;
  /** What is searched for, a moment after the last key. */
  wanted: Ref<string>;
  waiting: ComputedRef<boolean>;
  task: Ref<string>;
  /** undefined: lines of all tasks */
  ofTask: ComputedRef<string | undefined>;
  wrap: Ref<boolean>;
  follow: Ref<boolean>;
}

/** What somebody looks for in a log. `pauseMs`: how long after the last key it is searched; 0: at once. */
export function useLogControls(start: { wrap: boolean; follow: boolean }, pauseMs: () => number): LogControls {
  const needle = ref("");
  const wanted = ref("");
  const task = ref(ALL_TASKS);
  let pause: ReturnType<typeof setTimeout> | undefined;
  watch(needle, (now) => {
    clearTimeout(pause);
    if (pauseMs() === 0) wanted.value = now;
    else pause = setTimeout(() => (wanted.value = now), pauseMs());
  });
  onScopeDispose(() => clearTimeout(pause));
  return {
    needle,
    wanted,
    waiting: computed(() => needle.value !== wanted.value),
    task,
    ofTask: computed(() => (task.value === ALL_TASKS ? undefined : task.value)),
    wrap: ref(start.wrap),
    follow: ref(start.follow),
  };
}
