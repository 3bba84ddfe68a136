import type { TemporaryFile } from './temporary-file.ts';

/*
 * Where the records of each lane lie in a run. It lies in the file behind the run itself, because a run may hold something of ten thousands of
 * lanes and there may be a thousand runs; in memory is one page of it, as lanes are mostly asked for in their order.
 */

/** Part of a file. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** Lane, start and end, the latter two from the beginning of the run. */
const ENTRY = 12;
/** Entries. Every run of a reading has a page, and there may be thousands of them. */
const PAGE = 64;
const NO_PAGE = Buffer.alloc(0);

export class Directory {
  readonly #file: TemporaryFile;
  readonly #run: number;
  readonly #position: number;
  readonly #count: number;
  /** First lane of each page. */
  readonly #lanes: Uint32Array;
  #page: Buffer = NO_PAGE;
  #loaded = -1;

  /**
   * Puts a directory at the end of the file.
   * @param run where the run begins
   * @param segments of each lane, in rising order of lanes
   */
  constructor(file: TemporaryFile, run: number, segments: readonly (readonly [lane: number, Segment])[]) {
    const entries = Buffer.allocUnsafe(ENTRY * segments.length);
    for (const [i, [lane, { start, end }]] of segments.entries()) {
      entries.writeUInt32LE(lane, ENTRY * i);
      entries.writeUInt32LE(start - run, ENTRY * i + 4);
      entries.writeUInt32LE(end - run, ENTRY * i + 8);
    }
    this.#file = file;
    this.#run = run;
    this.#position = file.length;
    this.#count = segments.length;
    this.#lanes = Uint32Array.from(
      { length: Math.ceil(this.#count / PAGE) },
      (_, i) => segments[PAGE * i]![0],
    );
    file.append(entries);
  }

  /** The part of the file that holds the records of the lane. */
  find(lane: number): Segment | undefined {
    const number = lastUpTo(this.#lanes.length, lane, (i) => this.#lanes[i]!);
    if (number < 0) return undefined;
    if (number !== this.#loaded) this.#load(number);
    const page = this.#page;
    const at = ENTRY * lastUpTo(page.length / ENTRY, lane, (i) => page.readUInt32LE(ENTRY * i));
    if (page.readUInt32LE(at) !== lane) return undefined;
    return { start: this.#run + page.readUInt32LE(at + 4), end: this.#run + page.readUInt32LE(at + 8) };
  }

  #load(number: number): void {
    const first = PAGE * number;
    const size = ENTRY * Math.min(PAGE, this.#count - first);
    if (this.#page.length !== size) this.#page = Buffer.allocUnsafeSlow(size);
    this.#file.read(this.#page, this.#position + ENTRY * first);
    this.#loaded = number;
  }
}

/** The last of `count` rising numbers that is not above `limit`, by its place; -1 when all are. */
function lastUpTo(count: number, limit: number, at: (place: number) => number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
