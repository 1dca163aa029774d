/** Where a stream stands. `waiting` counts down to the next try. */
export type StreamState = "idle" | "connecting" | "live" | "waiting" | "ended";

export interface StreamHandlers {
  /** `id` tells the kind of frame: start, progress, end. */
  frame(id: string, data: string): void;
  state(state: StreamState): void;
  /** A new connection begins: what it sends may repeat what came before. */
  opened?(): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** How long to wait before try number `attempt` (from 0). Spread, so that all open pages don't come back at once. */
export function pauseBefore(attempt: number, random: () => number = Math.random): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.75 + random() * 0.5);
}

/**
 * One EventSource that outlives the server: it is opened again with growing pauses until `end` comes or close() is
 * called. The browser's own retry is not used, since it gives up for good when a proxy answers with an error.
 */
export class EventStream {
  private source: EventSource | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly handlers: StreamHandlers,
  ) {}

  open(): void {
    if (this.closed) return;
    this.drop();
    this.handlers.state("connecting");
    const source = new EventSource(this.url, { withCredentials: true });
    this.source = source;
    source.onopen = () => {
      this.handlers.opened?.();
      this.handlers.state("live");
    };
    source.onmessage = (event: MessageEvent<string>) => this.receive(event);
    source.onerror = () => this.retryLater();
  }

  close(): void {
    this.closed = true;
    this.drop();
  }

  private receive(event: MessageEvent<string>): void {
    this.failures = 0;
    const id = event.lastEventId;
    this.handlers.frame(id, event.data);
    if (id !== "end") return;
    this.close();
    this.handlers.state("ended");
  }

  private retryLater(): void {
    this.drop();
    if (this.closed) return;
    this.handlers.state("waiting");
    this.timer = setTimeout(() => this.open(), pauseBefore(this.failures++));
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = undefined;
  }
}
