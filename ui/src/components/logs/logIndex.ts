import { LEVELS, type Level, type LogLine } from "@/api/logs";
import { withoutEscapes } from "@/format/ansi";

export interface LogWish {
  level: Level;
  /** undefined: of all tasks */
  task: string | undefined;
  needle: string;
}

/** The lists are the index's own and grow. */
export interface FoundLines {
  /** Positions among all lines. */
  shown: readonly number[];
  /** Positions among the shown ones. */
  hits: readonly number[];
  tasks: readonly string[];
  hidden: number;
  /** Position among the shown ones; -1: none. */
  firstError: number;
}

/** What becomes of a line: it is of another task, below the level, or shown. */
enum Fate {
  Other,
  Hidden,
  Shown,
}

/**
 * Which lines are shown, and which of these are hits. It goes on where it was when lines are added, so that following a
 * million lines costs as much as following ten.
 */
export class LogIndex {
  private readonly shown: number[] = [];
  private readonly hits: number[] = [];
  private readonly tasks = new Set<string>();
  private hidden = 0;
  private firstError = -1;
  /** Of each line that was looked at. */
  private readonly fates: Fate[] = [];
  private readonly least: number;
  private readonly needle: string;

  constructor(private readonly wish: LogWish) {
    this.least = LEVELS.indexOf(wish.level);
    this.needle = wish.needle.toLowerCase();
  }

  /** `from`: lines before it are as they were. */
  advance(lines: readonly LogLine[], from: number): FoundLines {
    this.forget(from);
    for (let position = this.fates.length; position < lines.length; ++position) this.take(lines[position] as LogLine, position);
    const { shown, hits, hidden, firstError } = this;
    return { shown, hits, tasks: [...this.tasks], hidden, firstError };
  }

  private forget(from: number): void {
    while (this.fates.length > from) {
      const fate = this.fates.pop();
      if (fate === Fate.Hidden) --this.hidden;
      if (fate === Fate.Shown) this.shown.pop();
    }
    while ((this.hits.at(-1) ?? -1) >= this.shown.length) this.hits.pop();
    if (this.firstError >= this.shown.length) this.firstError = -1;
  }

  private fateOf(line: LogLine): Fate {
    if (this.wish.task !== undefined && line.taskId !== this.wish.task) return Fate.Other;
    return LEVELS.indexOf(line.level) < this.least ? Fate.Hidden : Fate.Shown;
  }

  private take(line: LogLine, position: number): void {
    if (line.taskId !== undefined) this.tasks.add(line.taskId);
    const fate = this.fateOf(line);
    this.fates.push(fate);
    if (fate === Fate.Hidden) ++this.hidden;
    if (fate !== Fate.Shown) return;
    const place = this.shown.push(position) - 1;
    if (this.firstError < 0 && line.level === "ERROR") this.firstError = place;
    if (this.needle !== "" && hasWords(line, this.needle)) this.hits.push(place);
  }
}

/** `words` in small letters; colours aside. */
export const hasWords = (line: LogLine, words: string): boolean => plainText(line.message).toLowerCase().includes(words);

const plainText = (message: string) => (message.includes("\u001b") ? withoutEscapes(message) : message);

/** Puts lines behind those that are there, or where they belong by time. Returns the first position that changed. */
export function addLines(lines: LogLine[], added: readonly LogLine[]): number {
  let first = lines.length;
  for (const line of added) {
    let place = lines.length;
    while (place > 0 && (lines[place - 1] as LogLine).time > line.time) --place;
    if (place === lines.length) lines.push(line);
    else lines.splice(place, 0, line);
    first = Math.min(first, place);
  }
  return first;
}
