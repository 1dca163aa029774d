import type { RouteLocationRaw } from "vue-router";

/** Something that the palette leads to. */
export interface Target {
  key: string;
  group: "here" | "recent" | "pages" | "flows" | "namespaces" | "types" | "executions" | "settings";
  text: string;
  hint: string;
  to?: RouteLocationRaw;
  /** What it does, when it leads nowhere. */
  run?: () => void;
}

/**
 * How well the letters of `wanted` are found in `text`, in this order; undefined: not at all. Whole words and beginnings of
 * words count more than letters here and there.
 */
export function score(text: string, wanted: string): number | undefined {
  const where = text.toLowerCase();
  const what = wanted.toLowerCase().trim();
  if (what === "") return 0;
  const whole = where.indexOf(what);
  if (whole >= 0) return 1000 - whole - where.length / 100 + (whole === 0 || /[\s._-]/.test(where[whole - 1] ?? "") ? 500 : 0);
  let at = -1;
  let jumps = 0;
  for (const letter of what) {
    const next = where.indexOf(letter, at + 1);
    if (next < 0) return undefined;
    if (next !== at + 1) jumps++;
    at = next;
  }
  return 400 - jumps * 20 - where.length / 100;
}

/** The best ones, best first; of equal ones the earlier stays in front. */
export function best<T extends { text: string; hint: string }>(targets: readonly T[], wanted: string, most: number): T[] {
  return targets
    .flatMap((target) => {
      const own = score(target.text, wanted) ?? (score(target.hint, wanted) === undefined ? undefined : 1);
      return own === undefined ? [] : [{ target, own }];
    })
    .sort((left, right) => right.own - left.own)
    .slice(0, most)
    .map(({ target }) => target);
}

/** Ids of executions are 22 letters and digits; a beginning of one is looked up from this length on. */
export function looksLikeExecution(text: string): boolean {
  return /^[0-9A-Za-z]{8,22}$/.test(text.trim());
}
