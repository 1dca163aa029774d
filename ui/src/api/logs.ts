import { type Page } from "@/api/convert";
import { API, getJson, type Query } from "@/api/http";
import type { WireLogEntry, WirePage } from "@/api/wire";

export const LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"] as const;
export type Level = (typeof LEVELS)[number];

export interface LogLine {
  /** Tells the line from all others of its list; stays the same when it is sent again. */
  key: string;
  at: Date;
  level: Level;
  message: string;
  namespace: string;
  flowId: string;
  executionId: string;
  taskId: string | undefined;
  taskRunId: string | undefined;
  attempt: number;
  triggerId: string | undefined;
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
    return {
      key: this.keyOf(wire),
      at: new Date(wire.timestamp ?? 0),
      level: toLevel(wire.level),
      message: wire.message ?? "",
      namespace: this.once(wire.namespace) ?? "",
      flowId: this.once(wire.flowId) ?? "",
      executionId: this.once(wire.executionId) ?? "",
      taskId: this.once(wire.taskId),
      taskRunId: this.once(wire.taskRunId),
      attempt: wire.attemptNumber ?? 0,
      triggerId: this.once(wire.triggerId),
    };
  }

  /** A million lines of a few tasks share the names of these. */
  private once(text: string | undefined): string | undefined {
    if (text === undefined) return undefined;
    const known = this.texts.get(text);
    if (known === undefined) this.texts.set(text, text);
    return known ?? text;
  }

  private keyOf(wire: WireLogEntry): string {
    if (wire.seq !== undefined) return `${wire.executionId ?? ""}#${wire.seq}`;
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

export async function searchLogs(query: Query, signal?: AbortSignal): Promise<Page<LogLine>> {
  const page = await getJson<WirePage<WireLogEntry>>(`${API}/logs/search`, query, signal);
  const reader = new LogReader();
  return { rows: page.results.map((entry) => reader.read(entry)), total: page.total };
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

export function followLogsUrl(executionId: string): string {
  return `${API}/logs/${executionId}/follow`;
}

export function downloadLogsUrl(executionId: string): string {
  return `${API}/logs/${executionId}/download`;
}
