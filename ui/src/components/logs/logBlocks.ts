import type { LogLine, LogPart } from "@/api/logs";

/** Lines that come in one question. */
interface Block {
  /** Of its first line. */
  place: number;
  /** The lines are those behind this number. */
  after: number;
  lines: LogLine[] | undefined;
}

/** Beyond, blocks that were not looked at for the longest time are forgotten. */
const MOST_KEPT = 60;

/** The lines of a long log by their places: where they are is known of all, what they say only of those that are looked at. */
export class LogBlocks {
  private readonly blocks: Block[] = [];
  /** Those whose lines are here, the one that was looked at last at the end. */
  private readonly kept = new Set<Block>();
  private count = 0;

  get total(): number {
    return this.count;
  }

  add(part: LogPart): void {
    part.marks.forEach((mark, index) => this.blocks.push({ place: this.count + index * part.every, after: mark - 1, lines: undefined }));
    this.count += part.lines;
  }

  lineAt(place: number): LogLine | undefined {
    const block = this.blocks[this.indexOf(place)];
    return block?.lines?.[place - block.place];
  }

  /** The blocks with places from `first` up to `last` whose lines are not here. */
  missing(first: number, last: number): number[] {
    const out: number[] = [];
    if (this.count === 0 || last <= first) return out;
    for (let index = this.indexOf(first); index <= this.indexOf(Math.min(last, this.count) - 1); ++index) {
      const block = this.blocks[index];
      if (block === undefined) continue;
      if (block.lines === undefined) out.push(index);
      else this.touch(block);
    }
    return out;
  }

  /** What is to be asked for. */
  question(index: number): { after: number; limit: number } | undefined {
    const block = this.blocks[index];
    if (block === undefined) return undefined;
    return { after: block.after, limit: (this.blocks[index + 1]?.place ?? this.count) - block.place };
  }

  fill(index: number, lines: LogLine[]): void {
    const block = this.blocks[index];
    if (block === undefined) return;
    block.lines = lines;
    this.touch(block);
    for (const oldest of this.kept) {
      if (this.kept.size <= MOST_KEPT) break;
      oldest.lines = undefined;
      this.kept.delete(oldest);
    }
  }

  private touch(block: Block): void {
    this.kept.delete(block);
    this.kept.add(block);
  }

  private indexOf(place: number): number {
    let [low, high] = [0, this.blocks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.blocks[middle] as Block).place <= place) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
