/** The one piece of `before` that has to be replaced, and by what, so that it becomes `after`. */
export function difference(before: string, after: string): { from: number; to: number; text: string } {
  const least = Math.min(before.length, after.length);
  let from = 0;
  while (from < least && before[from] === after[from]) from++;
  let same = 0;
  while (same < least - from && before[before.length - 1 - same] === after[after.length - 1 - same]) same++;
  return { from, to: before.length - same, text: after.slice(from, after.length - same) };
}
