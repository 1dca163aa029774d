import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventStream, pauseBefore, type StreamState } from "@/api/eventStream";

class FakeSource {
  static all: FakeSource[] = [];
  onopen: () => void = () => undefined;
  onmessage: (event: Partial<MessageEvent<string>>) => void = () => undefined;
  onerror: () => void = () => undefined;
  closed = false;
  constructor(readonly url: string) {
    FakeSource.all.push(this);
  }
  close(): void {
    this.closed = true;
  }
}

const last = () => FakeSource.all.at(-1) as FakeSource;
const states: StreamState[] = [];
const frames: string[] = [];
const open = () => {
  const stream = new EventStream("/follow", { frame: (id) => frames.push(id), state: (state) => states.push(state) });
  stream.open();
  return stream;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  FakeSource.all = [];
  states.length = 0;
  frames.length = 0;
});
afterEach(() => vi.useRealTimers());

test("a stream that breaks is opened again after a pause", () => {
  open();
  last().onopen();
  last().onerror();
  expect(states).toEqual(["connecting", "live", "waiting"]);
  expect(FakeSource.all[0]?.closed).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(FakeSource.all).toHaveLength(2);
});

test("the end closes it for good", () => {
  open();
  last().onmessage({ lastEventId: "end", data: "{}" });
  last().onerror();
  vi.advanceTimersByTime(60_000);
  expect(frames).toEqual(["end"]);
  expect(FakeSource.all).toHaveLength(1);
  expect(states.at(-1)).toBe("ended");
});

test("whoever leaves is not called back", () => {
  const stream = open();
  last().onerror();
  stream.close();
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.all).toHaveLength(1);
});

test("pauses grow, are spread, and have a limit", () => {
  expect(pauseBefore(0, () => 0.5)).toBe(500);
  expect(pauseBefore(3, () => 0.5)).toBe(4000);
  expect(pauseBefore(50, () => 0.5)).toBe(15_000);
  expect(pauseBefore(0, () => 0)).toBeLessThan(pauseBefore(0, () => 1));
});
