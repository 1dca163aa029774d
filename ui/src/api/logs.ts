import { optionalDate, type Page } from "@/api/convert";
import { API, getJson, type Query } from "@/api/http";
import type { WireLogEntry, WirePage } from "@/api/wire";

export const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"] as const;
export type Level = (typeof LEVELS)[number];

/** There may be a million of them: what can be computed is not kept. */
export class LogLine {
  constructor(
    /** Tells the line from all others of its list; stays the same when it is sent again. */
    readonly mark: number | string,
    /** Milliseconds since 1970. */
    readonly time: number,
    readonly level: Level,
    readonly message: string,
    readonly namespace: string,
    readonly flowId: string,
    readonly executionId: string,
    readonly taskId: string | undefined,
    readonly taskRunId: string | undefined,
    readonly attempt: number,
    readonly triggerId: string | undefined,
  ) {}

  /** As `mark`, among the lines of all executions. */
  get key(): string {
    return typeof this.mark === "number" ? `${this.executionId}#${this.mark}` : this.mark;
  }

  get at(): Date {
    return new Date(this.time);
  }
}

function toLevel(word: string | undefined): Level {
  return (LEVELS as readonly string[]).includes(word ?? "") ? (word as Level) : "INFO";
}

/**
 * Reads entries that come in the server's order. One reader belongs to one answer or one connection: entries without
 * a sequence number are told apart by content and by how often that content came before.
 */
export class LogReader {
  private readonly seen = new Map<string, number>();
  private readonly texts = new Map<string, string>();

  read(wire: WireLogEntry): LogLine {
    return new LogLine(
      this.markOf(wire),
      Date.parse(wire.timestamp ?? "1970-01-01T00:00:00Z"),
      toLevel(wire.level),
      wire.message ?? "",
      this.once(wire.namespace) ?? "",
      this.once(wire.flowId) ?? "",
      this.once(wire.executionId) ?? "",
      this.once(wire.taskId),
      this.once(wire.taskRunId),
      wire.attemptNumber ?? 0,
      this.once(wire.triggerId),
    );
  }

  /** A million lines of a few tasks share the names of these. */
  private once(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const known = this.texts.get(text);
    if (known === undefined) this.texts.set(text, text);
    return known ?? text;
  }

  private markOf(wire: WireLogEntry): number | string {
    if (wire.seq !== undefined) return wire.seq;
    const content = [wire.executionId, wire.timestamp, wire.taskRunId, wire.attemptNumber, wire.level, wire.message].join("\u0001");
    const before = this.seen.get(content) ?? 0;
    this.seen.set(content, before + 1);
    return `${content}\u0001${before}`;
  }
}

/** The `start` frame of a stream is an entry without a message. */
export function parseLogFrame(reader: LogReader, json: string): LogLine | undefined {
  const wire = JSON.parse(json) as WireLogEntry;
  return wire.message === undefined ? undefined : reader.read(wire);
}

/** With `searchedFrom`, lines before it were not looked at: that would take too long. */
export async function searchLogs(query: Query, signal?: AbortSignal): Promise<Page<LogLine> & { searchedFrom: Date | undefined }> {
  const page = await getJson<WirePage<WireLogEntry>>(`${API}/logs/search`, query, signal);
  const reader = new LogReader();
  return { rows: page.results.map((entry) => reader.read(entry)), total: page.total, searchedFrom: optionalDate(page.searchedFrom) };
}

export async function executionLogs(executionId: string, query: Query, signal?: AbortSignal): Promise<LogLine[]> {
  const entries = await getJson<WireLogEntry[]>(`${API}/logs/${executionId}`, query, signal);
  const reader = new LogReader();
  return entries.map((entry) => reader.read(entry));
}

/** The next lines behind the one with the number `after`, and the number of the last; none without numbers. */
export async function logPiece(
  executionId: string,
  reader: LogReader,
  after: number,
  limit: number,
  signal?: AbortSignal,
): Promise<{ lines: LogLine[]; last: number | undefined }> {
  const entries = await getJson<WireLogEntry[]>(`${API}/logs/${executionId}`, { after, limit }, signal);
  return { lines: entries.map((entry) => reader.read(entry)), last: entries.length < limit ? undefined : entries.at(-1)?.seq };
}

/** Which lines of an execution. */
export interface LogChoice {
  level: Level;
  /** undefined: of all tasks */
  task: string | undefined;
}

const queryOf = ({ level, task }: LogChoice): Query => ({ minLevel: level, taskId: task });

/** Where lines are, among those that were looked at. */
export interface LogPart {
  /** Of the choice. */
  lines: number;
  /** Below its level. */
  hidden: number;
  /** Number of the first line, and of each `every`-th after it. */
  marks: number[];
  every: number;
  /** Places of lines with the words that were asked for: the first of them, if there are very many. */
  hits: number[];
  hitCount: number;
  firstError: number | undefined;
  tasks: string[];
  /** Number of the last line that was looked at. */
  last: number | undefined;
  more: boolean;
}

/** Looks at the next lines behind `after`. They are looked for by the server, and none of them is sent. */
export async function logPart(executionId: string, choice: LogChoice, words: string, after: number, limit: number, signal?: AbortSignal): Promise<LogPart> {
  const query: Query = { ...queryOf(choice), after, limit, q: words === "" ? undefined : words };
  const { firstError, last, ...rest } = await getJson<Omit<LogPart, "firstError" | "last"> & Partial<LogPart>>(`${API}/logs/${executionId}/map`, query, signal);
  return { ...rest, firstError, last };
}

/** The next `limit` lines of the choice behind `after`. */
export async function logBlock(executionId: string, choice: LogChoice, after: number, limit: number, signal?: AbortSignal): Promise<LogLine[]> {
  return executionLogs(executionId, { ...queryOf(choice), after, limit }, signal);
}

/** `after`: only those behind this one. */
export function followLogsUrl(executionId: string, choice?: LogChoice, after?: number): string {
  const query = new URLSearchParams();
  if (choice !== undefined) query.set("minLevel", choice.level);
  if (choice?.task !== undefined) query.set("taskId", choice.task);
  if (after !== undefined) query.set("after", String(after));
  return `${API}/logs/${executionId}/follow${query.size > 0 ? `?${query}` : ""}`;
}

export function downloadLogsUrl(executionId: string): string {
  return `${API}/logs/${executionId}/download`;
}
