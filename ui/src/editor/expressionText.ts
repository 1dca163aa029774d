/** What is being written inside of `{{ … }}` or `{% … %}`. */
export interface ExpressionPlace {
  /** A member of a path, a filter behind `|`, a test behind `is`, or the beginning of something. */
  kind: "member" | "filter" | "test" | "start";
  /** The path before the last dot: ["outputs", "fetch"]. */
  path: string[];
  /** What is written of the word so far. */
  word: string;
}

/** The text between the braces before the cursor; undefined: the cursor is not in an expression. */
export function openExpression(before: string): string | undefined {
  const open = Math.max(before.lastIndexOf("{{"), before.lastIndexOf("{%"));
  if (open < 0) return undefined;
  const inside = before.slice(open + 2);
  return /\}\}|%\}/.test(inside) ? undefined : inside;
}

const STEP = String.raw`(?:[A-Za-z_]\w*|\[\s*(?:'[^']*'|"[^"]*"|\d+)\s*\])`;
const PATH = new RegExp(String.raw`([A-Za-z_]\w*(?:\.?${STEP})*)\.(\w*)$`);

function isInString(inside: string): boolean {
  let quote = "";
  for (const letter of inside) {
    if (quote === "") quote = letter === "'" || letter === '"' ? letter : "";
    else if (letter === quote) quote = "";
  }
  return quote !== "";
}

function stepsOf(path: string): string[] {
  return [...path.matchAll(/[A-Za-z_]\w*|\[\s*(?:'([^']*)'|"([^"]*)"|(\d+))\s*\]/g)].map((found) => found[1] ?? found[2] ?? found[3] ?? found[0]);
}

/** `before`: the line (or the text) up to the cursor. undefined: nothing can be completed there. */
export function placeIn(before: string): ExpressionPlace | undefined {
  const inside = openExpression(before);
  if (inside === undefined || isInString(inside)) return undefined;
  const member = PATH.exec(inside);
  if (member !== null) return { kind: "member", path: stepsOf(member[1] ?? ""), word: member[2] ?? "" };
  const word = /\w*$/.exec(inside)?.[0] ?? "";
  const lead = inside.slice(0, inside.length - word.length);
  if (/\|\s*$/.test(lead)) return { kind: "filter", path: [], word };
  if (/\bis\s+(?:not\s+)?$/.test(lead)) return { kind: "test", path: [], word };
  // Behind a finished value only an operator can follow.
  if (/[\w\])'"]\s+$/.test(lead) && !/\b(?:and|or|not|in|if|elseif|for|set|contains)\s+$/.test(lead)) return undefined;
  if (/[\d.]$/.test(lead)) return undefined;
  return { kind: "start", path: [], word };
}
