import { diff3Merge } from "node-diff3";

/** A piece that is settled, or one that both have changed and somebody has to decide. */
export type Piece = { settled: string[] } | Conflict;

export interface Conflict {
  base: string[];
  theirs: string[];
  mine: string[];
}

export const CHOICES = ["theirs", "mine", "both"] as const;
export type Choice = (typeof CHOICES)[number];

export const isConflict = (piece: Piece): piece is Conflict => "mine" in piece;

/** Line by line, so that comments and blank lines stay where they are. What both have changed alike is settled. */
export function threeWayMerge(base: string, theirs: string, mine: string): Piece[] {
  const regions = diff3Merge(mine.split("\n"), base.split("\n"), theirs.split("\n"), { excludeFalseConflicts: true });
  return regions.map(({ ok, conflict }) => (conflict === undefined ? { settled: ok ?? [] } : { base: conflict.o, theirs: conflict.b, mine: conflict.a }));
}

/** The whole text; undefined: not every conflict is decided. `choices` is by the place among the pieces. */
export function mergedText(pieces: readonly Piece[], choices: ReadonlyMap<number, Choice> = new Map()): string | undefined {
  const lines: string[] = [];
  for (const [place, piece] of pieces.entries()) {
    if (!isConflict(piece)) lines.push(...piece.settled);
    else {
      const choice = choices.get(place);
      if (choice === undefined) return undefined;
      lines.push(...(choice === "mine" ? [] : piece.theirs), ...(choice === "theirs" ? [] : piece.mine));
    }
  }
  return lines.join("\n");
}
