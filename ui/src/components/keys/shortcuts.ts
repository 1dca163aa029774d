import type { TextKey } from "@/i18n";

/** What a key does. `go` leads to a page, `tab` to one of a page's parts. */
export type Act =
  | { kind: "go"; route: string }
  | { kind: "tab"; number: number }
  | { kind: "help" | "filter" | "refresh" | "next" | "previous" | "pick" | "pageBefore" | "pageAfter" | "edit" };

/** The second key behind `g`. */
const PAGES: Record<string, string> = {
  h: "home",
  f: "flows",
  e: "executions",
  t: "taskruns",
  l: "logs",
  n: "namespaces",
  s: "settings",
};

const SINGLE: Record<string, Exclude<Act["kind"], "go" | "tab">> = {
  "?": "help",
  "/": "filter",
  r: "refresh",
  j: "next",
  k: "previous",
  x: "pick",
  "[": "pageBefore",
  "]": "pageAfter",
  e: "edit",
};

/** For the list that `?` shows. */
export const SHOWN: readonly { keys: readonly string[]; text: TextKey }[] = [
  { keys: ["Ctrl K"], text: "keys.palette" },
  { keys: ["?"], text: "keys.help" },
  { keys: ["g h"], text: "nav.home" },
  { keys: ["g f"], text: "nav.flows" },
  { keys: ["g e"], text: "nav.executions" },
  { keys: ["g t"], text: "nav.taskRuns" },
  { keys: ["g l"], text: "nav.logs" },
  { keys: ["g n"], text: "nav.namespaces" },
  { keys: ["g s"], text: "nav.settings" },
  { keys: ["/"], text: "keys.filter" },
  { keys: ["r"], text: "keys.refresh" },
  { keys: ["j", "k"], text: "keys.rows" },
  { keys: ["Enter"], text: "keys.open" },
  { keys: ["x"], text: "keys.pick" },
  { keys: ["[", "]"], text: "keys.pages" },
  { keys: ["1 … 9"], text: "keys.tabs" },
  { keys: ["e"], text: "keys.edit" },
];

/** How long `g` waits for the key behind it. */
const PATIENCE_MS = 1500;

/** Reads keys one by one; undefined: it means nothing, or not yet. */
export class KeyReader {
  private wentAt: number | undefined;

  read(key: string, at: number): Act | undefined {
    const afterGo = this.wentAt !== undefined && at - this.wentAt < PATIENCE_MS;
    this.wentAt = undefined;
    if (afterGo) {
      const route = PAGES[key];
      return route === undefined ? undefined : { kind: "go", route };
    }
    if (key === "g") {
      this.wentAt = at;
      return undefined;
    }
    if (/^[1-9]$/.test(key)) return { kind: "tab", number: Number(key) };
    const kind = SINGLE[key];
    return kind === undefined ? undefined : { kind };
  }
}

/** Keys of those who type, choose or have a dialog before them are theirs. */
export function isFree(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const target = event.target instanceof Element ? event.target : undefined;
  const typing = "input:not([type=checkbox]), textarea, select, [contenteditable], .monaco-editor, [role=menu], [role=listbox], [role=combobox]";
  return target?.closest(typing) == null && document.querySelector("[role=dialog], [role=alertdialog]") === null;
}
