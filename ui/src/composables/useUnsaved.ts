import { onScopeDispose, ref, type Ref } from "vue";
import { onBeforeRouteLeave, onBeforeRouteUpdate, useRouter, type RouteLocationNormalized } from "vue-router";

interface Unsaved {
  /** Somebody is about to leave: ask him. */
  asking: Ref<boolean>;
  leave(): void;
}

/** Nobody loses text by a click: leaving asks first while `dirty` says so. */
export function useUnsaved(dirty: () => boolean, staysOn: (to: RouteLocationNormalized) => boolean = () => false): Unsaved {
  const router = useRouter();
  const asking = ref(false);
  let target: RouteLocationNormalized | undefined;
  let allowed = false;

  const guard = (to: RouteLocationNormalized): boolean => {
    if (allowed || !dirty() || staysOn(to)) return true;
    target = to;
    asking.value = true;
    return false;
  };
  onBeforeRouteLeave(guard);
  onBeforeRouteUpdate(guard);

  const warn = (event: BeforeUnloadEvent) => {
    if (dirty()) event.preventDefault();
  };
  window.addEventListener("beforeunload", warn);
  onScopeDispose(() => window.removeEventListener("beforeunload", warn));

  return {
    asking,
    leave: () => {
      allowed = true;
      asking.value = false;
      if (target !== undefined) void router.push(target.fullPath).finally(() => (allowed = false));
    },
  };
}
