import { expect, test } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import type { State } from "@/api/states";
import { faviconOf, useFavicon } from "@/composables/useFavicon";

test("the tab shows how the execution stands, and the usual picture afterwards", async () => {
  document.head.innerHTML = '<link rel="icon" href="/ui/favicon.svg">';
  const href = () => document.querySelector("link")?.getAttribute("href");
  const state = ref<State>();
  const scope = effectScope();
  scope.run(() => useFavicon(() => state.value));
  expect(href()).toContain("favicon.svg");
  state.value = "RUNNING";
  await nextTick();
  expect(href()).toBe(faviconOf("RUNNING"));
  state.value = "FAILED";
  await nextTick();
  expect(href()).toBe(faviconOf("FAILED"));
  scope.stop();
  expect(href()).toContain("favicon.svg");
});
