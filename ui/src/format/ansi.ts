/** A piece of a log line: its text, its colours, or where it leads. */
export interface Segment {
  text: string;
  classes: string[];
  link: string | undefined;
  mark: boolean;
}

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const ESCAPE = /\u001b\[([0-9;]*)m/g;
const OTHER_ESCAPES = /\u001b\[[0-9;?]*[A-Za-ln-z]/g;
/** An address, or an execution as the server names one in a line. */
const LINK = /https?:\/\/[^\s"'<>()]+[^\s"'<>().,;:]|\[\[link execution="(\w+)" flowId="([\w.-]+)" namespace="([\w.-]+)"\]\]/g;

/** Colours (16 of them, bold, dim, underlined), links and the places where `needle` was found. */
export function segmentsOf(line: string, needle: string): Segment[] {
  return coloured(line.replace(OTHER_ESCAPES, ""))
    .flatMap(withLinks)
    .flatMap((segment) => withMarks(segment, needle));
}

export function withoutEscapes(line: string): string {
  return line.replace(ESCAPE, "").replace(OTHER_ESCAPES, "");
}

function coloured(line: string): Segment[] {
  const segments: Segment[] = [];
  let classes: string[] = [];
  let from = 0;
  for (const escape of line.matchAll(ESCAPE)) {
    push(segments, line.slice(from, escape.index), classes);
    classes = applyCodes(classes, escape[1] ?? "");
    from = escape.index + escape[0].length;
  }
  push(segments, line.slice(from), classes);
  return segments;
}

function push(segments: Segment[], text: string, classes: string[]): void {
  if (text !== "") segments.push({ text, classes, link: undefined, mark: false });
}

function applyCodes(classes: string[], codes: string): string[] {
  let next = classes;
  for (const code of codes === "" ? [0] : codes.split(";").map(Number)) {
    if (code === 0) next = [];
    else if (code === 1) next = [...next, "ansi-bold"];
    else if (code === 2) next = [...next, "ansi-dim"];
    else if (code === 4) next = [...next, "ansi-underline"];
    else if (code === 39) next = next.filter((name) => !COLOURS.includes(name.slice(5)));
    else {
      const colour = COLOURS[code >= 90 && code <= 97 ? code - 90 : code - 30];
      if (colour !== undefined) next = [...next.filter((name) => !COLOURS.includes(name.slice(5))), `ansi-${colour}`];
    }
  }
  return next;
}

function withLinks(segment: Segment): Segment[] {
  const parts: Segment[] = [];
  let from = 0;
  for (const link of segment.text.matchAll(LINK)) {
    if (link.index > from) parts.push({ ...segment, text: segment.text.slice(from, link.index) });
    const [whole, execution, flow = "", namespace = ""] = link;
    if (execution === undefined) parts.push({ ...segment, text: whole, link: whole });
    else parts.push({ ...segment, text: `${namespace}.${flow} ${execution}`, link: `/ui/executions/${namespace}/${flow}/${execution}` });
    from = link.index + link[0].length;
  }
  if (from < segment.text.length) parts.push({ ...segment, text: segment.text.slice(from) });
  return parts;
}

function withMarks(segment: Segment, needle: string): Segment[] {
  if (needle === "") return [segment];
  const parts: Segment[] = [];
  const text = segment.text.toLowerCase();
  const wanted = needle.toLowerCase();
  let from = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, from)) {
    if (at > from) parts.push({ ...segment, text: segment.text.slice(from, at) });
    parts.push({ ...segment, text: segment.text.slice(at, at + wanted.length), mark: true });
    from = at + wanted.length;
  }
  if (from < segment.text.length) parts.push({ ...segment, text: segment.text.slice(from) });
  return parts;
}
