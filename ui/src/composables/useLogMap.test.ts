import { flushPromises } from "@vue/test-utils";
import { createPinia, setActivePinia } from "pinia";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope, nextTick, reactive, type EffectScope } from "vue";
import type { Level } from "@/api/logs";
import { useLogMap } from "@/composables/useLogMap";

const LINES = 12_000;
const EVERY = 500;
const levelOf = (seq: number) => (seq === 11_000 ? "ERROR" : seq % 2 === 0 ? "DEBUG" : "INFO");
const ORDER = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/** A server with 12,000 lines in one execution; every second one is DEBUG. */
function answer(url: URL): unknown {
  const after = Number(url.searchParams.get("after"));
  const limit = Number(url.searchParams.get("limit"));
  const fits = (seq: number) => ORDER.indexOf(levelOf(seq)) >= ORDER.indexOf(url.searchParams.get("minLevel") ?? "TRACE");
  const words = url.searchParams.get("q");
  const textOf = (seq: number) => `row ${seq}:`;
  if (!url.pathname.endsWith("/map")) {
    const found: number[] = [];
    for (let seq = after + 1; seq <= LINES && found.length < limit; ++seq) if (fits(seq)) found.push(seq);
    return found.map((seq) => ({ seq, executionId: "e", timestamp: "2026-11-24T10:00:00Z", level: levelOf(seq), message: textOf(seq) }));
  }
  const end = Math.min(LINES, after + limit);
  const looked = Array.from({ length: end - after }, (_, index) => after + 1 + index);
  const shown = looked.filter(fits);
  const hits = shown.flatMap((seq, place) => (words !== null && textOf(seq).includes(words) ? [place] : []));
  const error = shown.findIndex((seq) => levelOf(seq) === "ERROR");
  return {
    lines: shown.length,
    hidden: looked.length - shown.length,
    marks: shown.filter((_, place) => place % EVERY === 0),
    every: EVERY,
    hits,
    hitCount: hits.length,
    firstError: error < 0 ? undefined : error,
    tasks: ["read"],
    last: looked.at(-1),
    more: looked.length === limit,
  };
}

let scope: EffectScope;
const asked: URL[] = [];
beforeEach(() => {
  setActivePinia(createPinia());
  scope = effectScope();
  asked.length = 0;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input) => {
    const url = new URL(String(input), "http://here");
    asked.push(url);
    return new Response(JSON.stringify(answer(url)));
  });
});
afterEach(() => {
  scope.stop();
  vi.restoreAllMocks();
});

async function opened() {
  const wish = reactive({ level: "TRACE" as Level, words: "" });
  const logs = scope.run(() =>
    useLogMap(
      () => "e",
      () => ({ level: wish.level, task: undefined }),
      () => wish.words,
      () => true,
    ),
  )!;
  await flushPromises();
  return { wish, logs };
}

test("the length, the first error and the tasks are known, and no line has come", async () => {
  const { logs } = await opened();
  expect([logs.count.value, logs.firstError.value, logs.tasks.value, logs.loading.value]).toEqual([LINES, 10_999, ["read"], false]);
  expect(logs.lineAt.value(0)).toBeUndefined();
  expect(asked.every((url) => url.pathname.endsWith("/map"))).toBe(true);
});

test("only the lines that are looked at come", async () => {
  const { logs } = await opened();
  logs.show(10_980, 11_020);
  await flushPromises();
  expect(logs.lineAt.value(10_999)?.message).toBe("row 11000:");
  expect(logs.lineAt.value(11_001)?.message).toBe("row 11002:");
  expect(logs.lineAt.value(9_000)).toBeUndefined();
});

test("the server searches, in what is chosen", async () => {
  const { wish, logs } = await opened();
  wish.words = "row 500";
  await nextTick();
  expect(logs.searching.value).toBe(true);
  await flushPromises();
  // row 500 and row 5000 to row 5009
  expect([logs.hitCount.value, logs.hits.value[0], logs.hits.value.at(-1), logs.searching.value]).toEqual([11, 499, 5008, false]);
  wish.level = "INFO";
  await flushPromises();
  expect([logs.count.value, logs.hidden.value, logs.hitCount.value]).toEqual([LINES / 2 + 1, LINES / 2 - 1, 5]);
  logs.show(logs.hits.value[0]!, logs.hits.value[0]! + 1);
  await flushPromises();
  expect(logs.lineAt.value(logs.hits.value[0]!)?.message).toBe("row 5001:");
});

test("what breaks off is told, and can be asked for again", async () => {
  vi.mocked(fetch).mockResolvedValueOnce(new Response("{}", { status: 500 }));
  const { logs } = await opened();
  expect([logs.error.value?.message, logs.loading.value]).toEqual(["HTTP 500", false]);
  logs.reload();
  await flushPromises();
  expect([logs.error.value, logs.count.value]).toEqual([undefined, LINES]);
});

test("lines where a jump may go come behind those that are seen, and not before anything is", async () => {
  const { logs } = await opened();
  logs.expect([10_999]);
  await flushPromises();
  expect(logs.lineAt.value(10_999)).toBeUndefined();
  logs.show(0, 40);
  await flushPromises();
  expect([logs.lineAt.value(0)?.message, logs.lineAt.value(10_999)?.message]).toEqual(["row 1:", "row 11000:"]);
  const afters = asked.filter((url) => !url.pathname.endsWith("/map")).map((url) => Number(url.searchParams.get("after")));
  expect(afters[0]).toBe(0);
});
