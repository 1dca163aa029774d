import { createPinia, setActivePinia } from "pinia";
import { beforeEach, expect, test, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";
import * as personalTexts from "@/api/personalTexts";
import { useFlowDraft } from "@/composables/useFlowDraft";
import { useSession } from "@/stores/session";

/** What the server keeps, by flow. */
const onServer = new Map<string, string>();

beforeEach(() => {
  localStorage.clear();
  onServer.clear();
  vi.spyOn(personalTexts, "keptText").mockImplementation(async (_kind, name) => onServer.get(name));
  vi.spyOn(personalTexts, "keepText").mockImplementation(async (_kind, name, text) => void onServer.set(name, text));
  vi.spyOn(personalTexts, "forgetText").mockImplementation(async (_kind, name) => void onServer.delete(name));
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

test("a draft of another machine is offered, unless this one has a newer", async () => {
  await leftBehind("typed", 3);
  await vi.waitFor(() => expect(onServer.has("a.b")).toBe(true));
  localStorage.clear();
  const elsewhere = visit("old", 3);
  expect(elsewhere.found.value).toBeUndefined();
  await vi.waitFor(() => expect(elsewhere.found.value?.text).toBe("typed"));

  onServer.set("a.b", JSON.stringify({ text: "older", at: "2020-01-01T00:00:00.000Z", revision: 1 }));
  await leftBehind("newer", 3);
  onServer.set("a.b", JSON.stringify({ text: "older", at: "2020-01-01T00:00:00.000Z", revision: 1 }));
  const here = visit("old", 3);
  await vi.waitFor(() => expect(personalTexts.keptText).toHaveResolved());
  expect(here.found.value?.text).toBe("newer");
});

test("a dropped draft is dropped on the server, too", async () => {
  await leftBehind("typed", 3);
  const here = visit("old", 3);
  await vi.waitFor(() => expect(onServer.has("a.b")).toBe(true));
  await nextTick();
  here.drop();
  await vi.waitFor(() => expect(onServer.has("a.b")).toBe(false));
});

test("where nobody is asked who he is, the server keeps none", async () => {
  logIn("");
  await leftBehind("typed", 3);
  visit("old", 3);
  expect(personalTexts.keepText).not.toHaveBeenCalled();
  expect(personalTexts.keptText).not.toHaveBeenCalled();
});

test("a server that is away loses nothing", async () => {
  vi.mocked(personalTexts.keepText).mockRejectedValue(new Error("away"));
  vi.mocked(personalTexts.keptText).mockRejectedValue(new Error("away"));
  await leftBehind("typed", 3);
  expect(visit("old", 3).found.value?.text).toBe("typed");
});
