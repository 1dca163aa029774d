import { isMap, isPair, isScalar, isSeq, parseDocument, stringify, type Document, type Node, type Pair, type YAMLMap } from "yaml";

/** A property that stands in the text. `value` is undefined when it is more than one plain value. */
export interface WrittenProperty {
  name: string;
  value: string | undefined;
  line: number;
}

/** A task, trigger or condition: a map with a type. */
export interface TypedItem {
  type: string;
  id: string;
  /** Of its first line, counted from 1. */
  line: number;
  properties: WrittenProperty[];
}

interface Found {
  map: YAMLMap;
  depth: number;
}

type Range = readonly [start: number, valueEnd: number, nodeEnd: number];

function parse(text: string): Document | undefined {
  const document = parseDocument(text, { keepSourceTokens: true });
  return document.errors.length > 0 ? undefined : document;
}

function rangeOf(node: unknown): Range | undefined {
  return (node as Node | undefined)?.range ?? undefined;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** The innermost map with a type around a line; undefined: there is none, or the text is no YAML. */
function innermost(text: string, line: number): Found | undefined {
  const document = parse(text);
  if (document === undefined) return undefined;
  let best: Found | undefined;
  const visit = (node: unknown, depth: number): void => {
    const range = rangeOf(node);
    if (range === undefined) return;
    const from = lineAt(text, range[0]);
    const to = lineAt(text, Math.max(range[0], range[1] - 1));
    if (line < from || line > to) return;
    if (isMap(node)) {
      if (typeof node.get("type") === "string" && String(node.get("type")).includes(".") && depth >= (best?.depth ?? 0)) best = { map: node, depth };
      for (const pair of node.items) visit(pair.value, depth + 1);
    } else if (isSeq(node)) {
      for (const item of node.items) visit(item, depth + 1);
    }
  };
  visit(document.contents, 0);
  return best;
}

export function isReadable(text: string): boolean {
  return parse(text) !== undefined;
}

function nameOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : "";
}

function isPlain(value: unknown): boolean {
  return isScalar(value) && !(typeof value.value === "string" && value.value.includes("\n"));
}

export function itemAt(text: string, line: number): TypedItem | undefined {
  const found = innermost(text, line);
  if (found === undefined) return undefined;
  const start = rangeOf(found.map)?.[0] ?? 0;
  return {
    type: String(found.map.get("type")),
    id: String(found.map.get("id") ?? ""),
    line: lineAt(text, start),
    properties: found.map.items.filter(isPair).map((pair) => ({
      name: nameOf(pair),
      value: isPlain(pair.value) && isScalar(pair.value) ? String(pair.value.value ?? "") : undefined,
      line: lineAt(text, rangeOf(pair.key)?.[0] ?? 0),
    })),
  };
}

/** As YAML writes this value in one line: quoted where it must be. */
function scalarText(value: string, kind: "text" | "bare"): string {
  return (kind === "bare" ? value : stringify(value, { lineWidth: 0, blockQuote: false })).replace(/\n$/, "");
}

/**
 * The text with one property of the item at `line` set, added or (by an empty value) taken away. Only the characters of
 * that property change: comments, blank lines and the rest of the formatting stay as they were.
 */
export function withProperty(text: string, line: number, name: string, value: string, kind: "text" | "bare"): string {
  const map = innermost(text, line)?.map;
  if (map === undefined) return text;
  const pair = map.items.find((one) => nameOf(one) === name);
  if (pair === undefined) return value === "" ? text : added(text, map, `${name}: ${scalarText(value, kind)}`);
  if (value === "") return removed(text, pair);
  const range = rangeOf(pair.value);
  const key = rangeOf(pair.key);
  if (range === undefined || key === undefined) return text;
  const written = scalarText(value, kind);
  // `name:` without a value has an empty range right behind the colon.
  return `${text.slice(0, range[0])}${range[0] === range[1] && !/\s/.test(text[range[0] - 1] ?? "") ? " " : ""}${written}${text.slice(range[1])}`;
}

function added(text: string, map: YAMLMap, written: string): string {
  const first = rangeOf(map.items[0]?.key)?.[0] ?? 0;
  const last = map.items.at(-1);
  const column = first - (text.lastIndexOf("\n", first - 1) + 1);
  if (map.flow === true) {
    const end = (rangeOf(map)?.[1] ?? 1) - 1;
    return `${text.slice(0, end).trimEnd()}, ${written}${text.slice(end)}`;
  }
  const end = rangeOf(last?.value)?.[1] ?? rangeOf(last?.key)?.[1] ?? text.length;
  // Behind the last value and a comment on its line.
  const at = text[end - 1] === "\n" ? end : endOfLine(text, end);
  const before = text.slice(0, at);
  return `${before}${before.endsWith("\n") ? "" : "\n"}${" ".repeat(column)}${written}\n${text.slice(at)}`;
}

function removed(text: string, pair: Pair): string {
  const from = rangeOf(pair.key)?.[0] ?? 0;
  const begin = text.lastIndexOf("\n", from - 1) + 1;
  // The first property of a list's item shares its line with the dash: that line has to stay.
  if (text.slice(begin, from).trim() !== "") return text;
  const end = rangeOf(pair.value)?.[1] ?? from;
  return text.slice(0, begin) + text.slice(text[end - 1] === "\n" ? end : endOfLine(text, end));
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}
