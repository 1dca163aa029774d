import { flushPromises } from "@vue/test-utils";
import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, expect, test, vi, type MockInstance } from "vitest";
import { effectScope, type EffectScope } from "vue";
import { useLiveLogs } from "@/composables/useLiveLogs";
import { useConnection } from "@/stores/connection";

const entry = (seq: number) => ({ seq, executionId: "e", timestamp: "2026-11-24T10:00:00Z", level: "INFO", message: `line ${seq}` });
const answer = (from: number, count: number) => new Response(JSON.stringify(Array.from({ length: count }, (_, index) => entry(from + index))));
const map = (more: boolean) => new Response(JSON.stringify({ lines: 20_000, hidden: 0, every: 500, marks: [], hits: [], hitCount: 0, tasks: [], more }));

let scope: EffectScope;
let fetched: MockInstance<typeof fetch>;
beforeEach(() => {
  setActivePinia(createPinia());
  scope = effectScope();
  fetched = vi.spyOn(globalThis, "fetch");
});
afterEach(() => scope.stop());

/** The first piece has come, the second has not. */
async function brokenOff() {
  fetched
    .mockResolvedValueOnce(answer(1, 1000))
    .mockResolvedValueOnce(map(false))
    .mockResolvedValueOnce(new Response("{}", { status: 500 }));
  const logs = scope.run(() =>
    useLiveLogs(
      () => "e",
      () => true,
    ),
  )!;
  await flushPromises();
  return logs;
}

test("a log whose loading breaks off is not all of it", async () => {
  const { count, error, loading } = await brokenOff();
  expect([count.value, error.value?.message, loading.value]).toEqual([1000, "HTTP 500", false]);
});

test.each(["when asked", "when the server is back"])("it is loaded again %s, and no line comes twice", async (when) => {
  const { count, error, loading, reload } = await brokenOff();
  fetched.mockResolvedValueOnce(answer(1, 1000)).mockResolvedValueOnce(map(false)).mockResolvedValueOnce(answer(1001, 2));
  if (when === "when asked") reload();
  else useConnection().recoveries++;
  await flushPromises();
  expect([count.value, error.value, loading.value]).toEqual([1002, undefined, false]);
});

test("what is here as a whole is not loaded again", async () => {
  const { reload } = await brokenOff();
  fetched.mockResolvedValueOnce(answer(1, 2));
  reload();
  await flushPromises();
  useConnection().recoveries++;
  await flushPromises();
  expect(fetched).toHaveBeenCalledTimes(4);
});

test("of a long log only the first lines are loaded", async () => {
  fetched.mockResolvedValueOnce(answer(1, 1000)).mockResolvedValueOnce(map(true));
  const { count, long, loading } = scope.run(() =>
    useLiveLogs(
      () => "e",
      () => true,
    ),
  )!;
  await flushPromises();
  expect([count.value, long.value, loading.value, fetched.mock.calls.length]).toEqual([1000, true, false, 2]);
});
