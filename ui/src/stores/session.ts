import { defineStore } from "pinia";
import { ref } from "vue";
import { getInstance, logIn, logOut, type Instance } from "@/api/session";
import { ApiError } from "@/api/http";
import { useConnection } from "@/stores/connection";

/** `unknown` until the server has answered once; `expired`: it ended while the page was in use. */
export type SessionState = "unknown" | "anonymous" | "open" | "expired";

export const useSession = defineStore("session", () => {
  const state = ref<SessionState>("unknown");
  const instance = ref<Instance>();

  /** Asks whether we may come in. Throws when the server can't be reached. */
  async function begin(): Promise<void> {
    try {
      instance.value = await getInstance();
      state.value = "open";
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      state.value = "anonymous";
    }
  }

  async function enter(username: string, password: string): Promise<void> {
    await logIn(username, password);
    instance.value = await getInstance();
    const wasExpired = state.value === "expired";
    state.value = "open";
    if (wasExpired) useConnection().announce();
  }

  async function leave(): Promise<void> {
    const provider = await logOut();
    state.value = "anonymous";
    if (provider !== undefined) window.location.assign(provider);
  }

  /** What is typed stays: a log-in form comes over the page. */
  function expire(): void {
    if (state.value === "open") state.value = "expired";
    else if (state.value === "unknown") state.value = "anonymous";
  }

  return { state, instance, begin, enter, leave, expire };
});
