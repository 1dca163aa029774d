import { flushPromises } from "@vue/test-utils";
import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope, ref, type EffectScope } from "vue";
import { ApiError, UnreachableError } from "@/api/http";
import { useResource } from "@/composables/useResource";
import { useConnection } from "@/stores/connection";

let scope: EffectScope;
beforeEach(() => {
  setActivePinia(createPinia());
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});
const run = <T>(make: () => T): T => scope.run(make) as T;

test("an error leaves the data that was there", async () => {
  let fails = false;
  const resource = run(() => useResource(async () => (fails ? Promise.reject(new ApiError(500, "no")) : 1)));
  await flushPromises();
  fails = true;
  await resource.reload();
  expect(resource.data.value).toBe(1);
  expect(resource.error.value?.message).toBe("no");
});

test("while the server is away, what is shown stays and no error covers it", async () => {
  let fails = false;
  const resource = run(() => useResource(async () => (fails ? Promise.reject(new UnreachableError("gone")) : 1)));
  await flushPromises();
  fails = true;
  await resource.reload();
  expect(resource.error.value).toBeUndefined();
  expect(resource.data.value).toBe(1);
});

test("it loads again when the server comes back", async () => {
  const load = vi.fn(async () => 1);
  run(() => useResource(load));
  await flushPromises();
  useConnection().recoveries++;
  await flushPromises();
  expect(load).toHaveBeenCalledTimes(2);
});

test("an answer that was overtaken is thrown away", async () => {
  const wanted = ref("slow");
  const answers: Record<string, (value: string) => void> = {};
  const resource = run(() => useResource(() => new Promise<string>((resolve) => (answers[wanted.value] = resolve)), { on: [wanted] }));
  wanted.value = "fast";
  await flushPromises();
  answers.fast?.("fast");
  await flushPromises();
  answers.slow?.("slow");
  await flushPromises();
  expect(resource.data.value).toBe("fast");
});

test("it polls while it is wanted and stops with the page", async () => {
  vi.useFakeTimers();
  const load = vi.fn(async () => 1);
  run(() => useResource(load, { every: () => 1000 }));
  await vi.advanceTimersByTimeAsync(2500);
  expect(load).toHaveBeenCalledTimes(3);
  scope.stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(load).toHaveBeenCalledTimes(3);
});
