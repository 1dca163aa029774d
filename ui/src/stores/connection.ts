import { defineStore } from "pinia";
import { computed, ref } from "vue";
import { getInstance, ping } from "@/api/session";
import { pauseBefore } from "@/api/eventStream";

/** Is the server there? Whoever shows its data watches `recoveries` and asks again when it grows. */
export const useConnection = defineStore("connection", () => {
  const away = ref(false);
  const lastReachedAt = ref<Date>();
  const nextTryAt = ref<Date>();
  const recoveries = ref(0);
  const clockOffsetMs = ref(0);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function reached(serverTime: Date | undefined): void {
    lastReachedAt.value = new Date();
    // The header has whole seconds, and a log-in's worth of delay: only a real difference counts.
    const offset = serverTime === undefined ? 0 : serverTime.getTime() + 500 - Date.now();
    clockOffsetMs.value = Math.abs(offset) > 2000 ? offset : 0;
    if (!away.value) return;
    clearTimeout(timer);
    away.value = false;
    recoveries.value++;
  }

  function unreachable(): void {
    if (away.value) return;
    away.value = true;
    tryAgain(0);
  }

  function tryAgain(attempt: number): void {
    const pause = pauseBefore(attempt);
    nextTryAt.value = new Date(Date.now() + pause);
    timer = setTimeout(async () => {
      await ping().catch(() => tryAgain(attempt + 1));
    }, pause);
  }

  /** A stream broke and can't say why: asking tells whether the server is away or the session over. */
  function check(): void {
    if (!away.value) void getInstance().catch(() => undefined);
  }

  /** For those who don't want to wait. */
  function retryNow(): void {
    clearTimeout(timer);
    void ping().catch(() => tryAgain(0));
  }

  const serverNow = computed(() => () => new Date(Date.now() + clockOffsetMs.value));
  return { away, lastReachedAt, nextTryAt, recoveries, serverNow, reached, unreachable, check, retryNow, announce: () => recoveries.value++ };
});
