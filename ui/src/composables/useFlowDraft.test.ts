import { createPinia, setActivePinia } from "pinia";
import { beforeEach, expect, test, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import { useFlowDraft } from "@/composables/useFlowDraft";
import { useSession } from "@/stores/session";

beforeEach(() => {
  localStorage.clear();
  setActivePinia(createPinia());
  logIn("ada");
});

function logIn(user: string): void {
  useSession().instance = { version: "", environment: undefined, capabilities: undefined, user };
}

/** A visit to the editor of `name`. */
function visit(saved: string, revision: number | undefined, name = "a.b") {
  const scope = effectScope();
  const text = ref(saved);
  const draft = scope.run(() => useFlowDraft(name, text, ref(saved), ref(revision)));
  return { text, found: draft!.found, drop: draft!.drop, leave: () => scope.stop() };
}

async function leftBehind(typed: string, revision: number | undefined): Promise<void> {
  const first = visit("old", revision);
  first.text.value = typed;
  await nextTick();
  first.leave();
}

test("what was typed is offered again, with the revision that it began from", async () => {
  await leftBehind("typed", 3);
  expect(visit("old", 4).found.value).toMatchObject({ text: "typed", revision: 3 });
});

test("another user and another flow have their own", async () => {
  await leftBehind("typed", 3);
  expect(visit("old", 3, "a.c").found.value).toBeUndefined();
  logIn("grace");
  expect(visit("old", 3).found.value).toBeUndefined();
});

test("what is saved is no draft", async () => {
  await leftBehind("typed", 3);
  expect(visit("typed", 4).found.value).toBeUndefined();
});

test("the last keys are kept when the page goes at once", async () => {
  vi.useFakeTimers();
  const here = visit("old", 3);
  here.text.value = "the last key";
  await nextTick();
  window.dispatchEvent(new Event("pagehide"));
  vi.useRealTimers();
  expect(visit("old", 3).found.value?.text).toBe("the last key");
});

test("a dropped draft does not come back", async () => {
  await leftBehind("typed", 3);
  visit("old", 3).drop();
  expect(visit("old", 3).found.value).toBeUndefined();
});
