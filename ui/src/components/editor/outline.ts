import { isMap, isPair, isScalar, isSeq, parseDocument, type Node, type YAMLMap, type YAMLSeq } from "yaml";

export const SECTIONS = ["inputs", "tasks", "triggers", "errors", "finally", "afterExecution"] as const;
export type Section = (typeof SECTIONS)[number];

/** One entry of a list of the flow: a task, a trigger, an input. */
export interface OutlineItem {
  id: string;
  type: string;
  /** Of its dash, counted from 1. */
  line: number;
  lastLine: number;
  depth: number;
  /** Of a list in one line, `[{…}]`, which is edited as text only. */
  fixed: boolean;
  isFirst: boolean;
  isLast: boolean;
}

export interface OutlineSection {
  name: Section;
  items: OutlineItem[];
}

/** Where an item's text begins and ends: with the comments above it, and the end of its last line. */
interface Block {
  from: number;
  to: number;
}

interface Place {
  list: YAMLSeq;
  index: number;
}

const NESTED = ["tasks", "then", "else", "cases", "defaults", "errors", "finally"];

function rootOf(text: string): YAMLMap | undefined {
  const document = parseDocument(text, { keepSourceTokens: true });
  return document.errors.length === 0 && isMap(document.contents) ? (document.contents as unknown as YAMLMap) : undefined;
}

const rangeOf = (node: unknown): readonly number[] => (node as Node | undefined)?.range ?? [0, 0, 0];
const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length;
const lineStart = (text: string, offset: number): number => text.lastIndexOf("\n", offset - 1) + 1;

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

/** What stands at its end: of a block, the value of its last entry. */
function lastIn(node: unknown): unknown {
  const last = (isMap(node) || isSeq(node)) && node.flow !== true ? node.items.at(-1) : undefined;
  if (last === undefined) return node;
  return lastIn(isPair(last) ? (last.value ?? last.key) : last);
}

/** The end of a node without the blank lines and comments that the parser counts to it: behind a key without a value, all there are. */
function contentEnd(text: string, node: unknown): number {
  const [begun, ended] = rangeOf(lastIn(node));
  const end = (begun === ended ? begun : rangeOf(node)[1]) ?? 0;
  return text[end - 1] === "\n" ? end : lineEnd(text, end);
}

function blockOf(text: string, { list, index }: Place): Block {
  const item = list.items[index];
  // Lines with # may be the end of a text in the item before.
  const elder = index === 0 ? 0 : contentEnd(text, list.items[index - 1]);
  let from = lineStart(text, rangeOf(item)[0] ?? 0);
  for (let above = lineStart(text, from - 1); from > elder && /^\s*#/.test(text.slice(above, from)); above = lineStart(text, from - 1)) from = above;
  return { from, to: contentEnd(text, item) };
}

/** The lists of tasks inside of an item, those of a choice's cases too. */
function listsIn(map: YAMLMap): YAMLSeq[] {
  return NESTED.flatMap((name) => {
    const child = map.get(name);
    if (isSeq(child)) return [child];
    return isMap(child) ? child.items.flatMap((pair) => (isPair(pair) && isSeq(pair.value) ? [pair.value] : [])) : [];
  });
}

function itemsOf(text: string, list: YAMLSeq, depth: number): OutlineItem[] {
  return list.items.flatMap((item, index) => {
    if (!isMap(item)) return [];
    const own: OutlineItem = {
      id: String(item.get("id") ?? ""),
      type: String(item.get("type") ?? ""),
      line: lineAt(text, rangeOf(item)[0] ?? 0),
      lastLine: lineAt(text, Math.max(0, contentEnd(text, item) - 1)),
      depth,
      fixed: list.flow === true,
      isFirst: index === 0,
      isLast: index === list.items.length - 1,
    };
    return [own, ...listsIn(item).flatMap((inner) => itemsOf(text, inner, depth + 1))];
  });
}

/** undefined: the text can't be read. */
export function outlineOf(text: string): OutlineSection[] | undefined {
  const root = rootOf(text);
  if (root === undefined) return text.trim() === "" ? [] : undefined;
  return SECTIONS.map((name) => {
    const list = root.get(name);
    return { name, items: isSeq(list) ? itemsOf(text, list, 0) : [] };
  });
}

function placeOf(text: string, line: number): Place | undefined {
  const search = (list: YAMLSeq): Place | undefined => {
    for (const [index, item] of list.items.entries()) {
      if (lineAt(text, rangeOf(item)[0] ?? 0) === line) return list.flow === true ? undefined : { list, index };
      const inner = isMap(item)
        ? listsIn(item)
            .map(search)
            .find((found) => found !== undefined)
        : undefined;
      if (inner !== undefined) return inner;
    }
    return undefined;
  };
  const root = rootOf(text);
  return SECTIONS.map((name) => root?.get(name))
    .filter(isSeq)
    .map(search)
    .find((found) => found !== undefined);
}

/** The text without the item that begins at this line, and without the comments right above it. */
export function withoutItem(text: string, line: number): string {
  const place = placeOf(text, line);
  if (place === undefined) return text;
  const { from, to } = blockOf(text, place);
  if (place.list.items.length > 1) return text.slice(0, from) + text.slice(to).replace(/^\n/, "");
  // A list without items is no list: its key goes with the last one.
  const key = lineStart(text, from - 1);
  const before = /^\s*[\w-]+:\s*$/.test(text.slice(key, from).trimEnd()) ? key : from;
  return text.slice(0, before) + text.slice(to).replace(/^\n/, "");
}

/** The text with the item at this line before its elder (-1) or behind its younger (+1) sibling. */
export function withItemMoved(unclosed: string, line: number, by: -1 | 1): { text: string; line: number } {
  const text = unclosed.endsWith("\n") ? unclosed : `${unclosed}\n`;
  const place = placeOf(text, line);
  if (place === undefined || place.list.items[place.index + by] === undefined) return { text: unclosed, line };
  const index = Math.min(place.index, place.index + by);
  const first = blockOf(text, { ...place, index });
  const second = blockOf(text, { ...place, index: index + 1 });
  const [upper, between, lower] = [text.slice(first.from, first.to), text.slice(first.to, second.from), text.slice(second.from, second.to)];
  const moved = text.slice(0, first.from) + lower + between + upper + text.slice(second.to);
  const offset = by < 0 ? first.from : first.from + lower.length + between.length;
  const comments = (by < 0 ? lower : upper).split("\n").findIndex((one) => !/^\s*#/.test(one));
  return { text: moved, line: lineAt(moved, offset) + comments };
}

const indented = (snippet: string, columns: number) =>
  snippet
    .trimEnd()
    .split("\n")
    .map((one) => (one === "" ? one : " ".repeat(columns) + one))
    .join("\n");

/** The text with a new item (`- id: …`) behind the one at `after`, or at the end of a section that begins if need be. */
export function withItem(text: string, section: Section, snippet: string, after?: number): { text: string; line: number } {
  const place = (after === undefined ? undefined : placeOf(text, after)) ?? lastOf(text, section);
  if (place === undefined) return withSection(text, section, snippet);
  const { to } = blockOf(text, place);
  const item = rangeOf(place.list.items[place.index])[0] ?? 0;
  const column = text.slice(lineStart(text, item), item).indexOf("-");
  const before = text.slice(0, to).replace(/\n*$/, "\n");
  // Items that stand apart by blank lines get one more such neighbour.
  const isAiry =
    place.list.items.length > 1 && /\n[ \t]*\n/.test(text.slice(blockOf(text, { ...place, index: 0 }).to - 1, blockOf(text, { ...place, index: 1 }).from));
  const lead = `${before}${isAiry ? "\n" : ""}`;
  return { text: `${lead}${indented(snippet, column)}\n${text.slice(to)}`, line: lineAt(lead, lead.length) };
}

function lastOf(text: string, section: Section): Place | undefined {
  const list = rootOf(text)?.get(section);
  return isSeq(list) && list.flow !== true && list.items.length > 0 ? { list, index: list.items.length - 1 } : undefined;
}

const isEmpty = (value: unknown): boolean => (isScalar(value) ? value.value === null : isSeq(value) && value.items.length === 0);

/** Unchanged where the section, or all of the flow, is written in one line, and where the text has a mistake: that is the place to look at. */
function withSection(text: string, section: Section, snippet: string): { text: string; line: number } {
  const { contents, errors } = parseDocument(text);
  const [mistake] = errors;
  if (mistake !== undefined) return { text, line: lineAt(text, mistake.pos[0]) };
  if (contents !== null && !isEmpty(contents) && (!isMap(contents) || contents.flow === true)) return { text, line: 1 };
  const pair = isMap(contents) ? contents.items.find((one) => isScalar(one.key) && one.key.value === section) : undefined;
  const item = indented(snippet, 2);
  if (pair === undefined) {
    const lead = `${text.trimEnd()}${text.trim() === "" ? "" : "\n\n"}${section}:\n`;
    return { text: `${lead}${item}\n`, line: lineAt(lead, lead.length) };
  }
  if (!isEmpty(pair.value)) return { text, line: lineAt(text, rangeOf(pair.key)[0] ?? 0) };
  // `tasks:` or `tasks: []`: the list begins on the next line.
  const [from = 0, to = 0] = rangeOf(pair.value);
  const rest = lineEnd(text, to);
  const lead = `${`${text.slice(0, from).trimEnd()} ${text.slice(to, rest)}`.trimEnd()}\n`;
  return { text: `${lead}${item}\n${text.slice(rest)}`, line: lineAt(lead, lead.length) };
}

/** An id that nobody has yet: `request`, `request_2` … */
export function freeId(text: string, wanted: string): string {
  const taken = new Set((outlineOf(text) ?? []).flatMap(({ items }) => items.map((item) => item.id)));
  for (let number = 1; ; ++number) {
    const id = number === 1 ? wanted : `${wanted}_${number}`;
    if (!taken.has(id)) return id;
  }
}

/** Of the item with this id. */
export function lineOf(text: string, id: string): number | undefined {
  return (outlineOf(text) ?? []).flatMap(({ items }) => items).find((item) => item.id === id)?.line;
}
