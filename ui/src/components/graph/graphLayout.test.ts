import { expect, test } from "vitest";
import { neighbour, readingOrder } from "@/components/graph/graphKeys";
import { betterDirection, placeGraph, viewOf, type Placed, type Shape } from "@/components/graph/graphLayout";

const box = (uid: string) => ({ uid, width: 100, height: 40 });
const shape: Shape = {
  boxes: [box("a"), box("b"), box("c"), box("d")],
  frames: [{ uid: "frame", members: ["b", "c"], parent: undefined }],
  arrows: [
    { source: "a", target: "b" },
    { source: "a", target: "c" },
    { source: "b", target: "d" },
    { source: "c", target: "d" },
  ],
};
const inside = (inner: Placed, outer: Placed) =>
  inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
const at = (placed: Map<string, Placed>, uid: string): Placed => {
  const found = placed.get(uid);
  if (found === undefined) throw new Error(`${uid} has no place`);
  return found;
};

test("arrows lead down or to the right, and frames hold what is theirs", () => {
  const down = placeGraph(shape, "down");
  expect(at(down, "a").y).toBeLessThan(at(down, "b").y);
  expect(at(down, "b").y).toBeLessThan(at(down, "d").y);
  expect(inside(at(down, "b"), at(down, "frame"))).toBe(true);
  expect(inside(at(down, "c"), at(down, "frame"))).toBe(true);
  expect(inside(at(down, "a"), at(down, "frame"))).toBe(false);
  const right = placeGraph(shape, "right");
  expect(at(right, "a").x).toBeLessThan(at(right, "d").x);
});

test("the same flow comes out the same", () => {
  expect([...placeGraph(shape, "down")]).toEqual([...placeGraph(shape, "down")]);
});

test("arrow keys go along the drawing, and stop at its edge", () => {
  const down = placeGraph(shape, "down");
  const all = ["a", "b", "c", "d"];
  const [first, second] = readingOrder(down, ["b", "c"], "down");
  expect(["b", "c"]).toContain(neighbour("a", "ArrowDown", down, all));
  expect(neighbour(String(first), "ArrowRight", down, all)).toBe(second);
  expect(neighbour("d", "ArrowDown", down, all)).toBeUndefined();
  expect(neighbour(String(first), "ArrowUp", down, all)).toBe("a");
});

test("what can be read at once is shown whole, in the middle; what is too large from its beginning", () => {
  const small = new Map([["a", { x: 0, y: 0, width: 100, height: 100 }]]);
  expect(viewOf(small, { width: 500, height: 300 })).toEqual({ x: 200, y: 100, zoom: 1 });
  const large = new Map([["a", { x: 0, y: 0, width: 4000, height: 100 }]]);
  expect(viewOf(large, { width: 500, height: 300 })).toEqual({ x: 24, y: 112.5, zoom: 0.75 });
});

test("a wide window shows more from left to right", () => {
  const layouts = { down: placeGraph(shape, "down"), right: placeGraph(shape, "right") };
  expect(betterDirection(layouts, { width: 2000, height: 150 })).toBe("right");
  expect(betterDirection(layouts, { width: 250, height: 2000 })).toBe("down");
});
