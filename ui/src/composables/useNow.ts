import { onScopeDispose, ref, type Ref } from "vue";
import { useConnection } from "@/stores/connection";

/** The server's time, ticking while the page is seen. Pages have one and hand it down. */
export function useNow(everyMs = 1000): Ref<Date> {
  const connection = useConnection();
  const now = ref(connection.serverNow());
  const tick = () => {
    if (!document.hidden) now.value = connection.serverNow();
  };
  const timer = setInterval(tick, everyMs);
  document.addEventListener("visibilitychange", tick);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", tick);
  });
  return now;
}
