import type { Direction, Placed } from "@/components/graph/graphLayout";

type Arrow = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

export function isArrow(key: string): key is Arrow {
  return ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(key);
}

const FAR = 1e6;

/** Where an arrow key leads from a node: to the nearest one in that direction, what is near before what is straight ahead. */
export function neighbour(from: string, key: Arrow, placed: ReadonlyMap<string, Placed>, reachable: readonly string[]): string | undefined {
  const start = centre(placed.get(from));
  if (start === undefined) return undefined;
  let best: { uid: string; cost: number } | undefined;
  for (const uid of reachable) {
    const there = uid === from ? undefined : centre(placed.get(uid));
    if (there === undefined) continue;
    const [ahead, aside] = distance(key, there.x - start.x, there.y - start.y);
    if (ahead <= 1) continue;
    // What lies more aside than ahead is meant by another key: it comes last.
    const cost = 2 * ahead + aside + (aside > ahead ? FAR : 0);
    if (best === undefined || cost < best.cost) best = { uid, cost };
  }
  return best?.uid;
}

function distance(key: Arrow, x: number, y: number): [ahead: number, aside: number] {
  if (key === "ArrowUp") return [-y, Math.abs(x)];
  if (key === "ArrowDown") return [y, Math.abs(x)];
  return [key === "ArrowLeft" ? -x : x, Math.abs(y)];
}

function centre(box: Placed | undefined): { x: number; y: number } | undefined {
  return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The order in which the tabulator key goes through the nodes. */
export function readingOrder(placed: ReadonlyMap<string, Placed>, uids: readonly string[], direction: Direction): string[] {
  const along = (uid: string) => (direction === "down" ? placed.get(uid)?.y : placed.get(uid)?.x) ?? 0;
  const across = (uid: string) => (direction === "down" ? placed.get(uid)?.x : placed.get(uid)?.y) ?? 0;
  return [...uids].sort((left, right) => along(left) - along(right) || across(left) - across(right));
}
