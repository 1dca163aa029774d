import { Graph, layout } from "@dagrejs/dagre";

/** What is to be placed: boxes with measures, frames around some of them, and arrows. */
export interface Shape {
  boxes: { uid: string; width: number; height: number }[];
  frames: { uid: string; members: string[]; parent: string | undefined }[];
  arrows: { source: string; target: string }[];
}

export interface Placed {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Direction = "down" | "right";

const FRAME_PADDING = 14;

/** Left upper corners, by uid. The same shape always comes out the same, so nothing jumps when states change. */
export function placeGraph(shape: Shape, direction: Direction): Map<string, Placed> {
  const graph = new Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: direction === "down" ? "TB" : "LR", nodesep: 28, ranksep: 34, edgesep: 16, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { uid, width, height } of shape.boxes) graph.setNode(uid, { width, height });
  for (const { uid } of shape.frames) graph.setNode(uid, {});
  for (const { uid, members, parent } of shape.frames) {
    for (const member of members) graph.setParent(member, uid);
    if (parent !== undefined) graph.setParent(uid, parent);
  }
  shape.arrows.forEach(({ source, target }, index) => graph.setEdge(source, target, {}, String(index)));
  layout(graph);
  const placed = new Map<string, Placed>();
  for (const uid of graph.nodes()) {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(uid) as Partial<Placed>;
    placed.set(uid, { x: x - width / 2, y: y - height / 2, width, height });
  }
  shape.frames.forEach(({ uid }) => widen(placed.get(uid)));
  return placed;
}

function widen(frame: Placed | undefined): void {
  if (frame === undefined) return;
  frame.x -= FRAME_PADDING / 2;
  frame.width += FRAME_PADDING;
}

interface Size {
  width: number;
  height: number;
}

const MARGIN = 24;
/** Smaller than this nobody can read it. */
const LEAST_ZOOM = 0.75;

/** What the drawing takes up; it need not begin at the corner. */
function extent(placed: ReadonlyMap<string, Placed>): Placed {
  const boxes = [...placed.values()];
  const [x, y] = [Math.min(...boxes.map((box) => box.x)), Math.min(...boxes.map((box) => box.y))];
  const [right, bottom] = [Math.max(...boxes.map((box) => box.x + box.width)), Math.max(...boxes.map((box) => box.y + box.height))];
  return boxes.length === 0 ? { x: 0, y: 0, width: 1, height: 1 } : { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
}

function zoomFor(size: Size, window: Size): number {
  return Math.min(1, (window.width - 2 * MARGIN) / size.width, (window.height - 2 * MARGIN) / size.height);
}

/** The direction in which more of the drawing is seen at once. */
export function betterDirection(layouts: Record<Direction, ReadonlyMap<string, Placed>>, window: Size): Direction {
  return zoomFor(extent(layouts.right), window) > zoomFor(extent(layouts.down), window) ? "right" : "down";
}

/** In the middle, when all of it can be read at once; else from its beginning. */
export function viewOf(placed: ReadonlyMap<string, Placed>, window: Size): { x: number; y: number; zoom: number } {
  const size = extent(placed);
  const zoom = Math.max(LEAST_ZOOM, zoomFor(size, window));
  const place = (length: number, room: number, fits: boolean) => (fits ? (room - length * zoom) / 2 : MARGIN);
  return {
    x: place(size.width, window.width, size.width * zoom <= window.width) - size.x * zoom,
    y: place(size.height, window.height, size.height * zoom <= window.height) - size.y * zoom,
    zoom,
  };
}
