import type { TemporaryFile } from './temporary-file.ts';

/*
 * Where the records of each lane lie in a run. There may be hundreds of runs with records of ten thousands of lanes each, which would take
 * 200 MB in memory; the directory is therefore stored behind its run, and one page of it (1.3 kB) is in memory.
 */

/** Part of a file. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** Lane (4 bytes), start and end (8 bytes each), from the start of the run. */
const ENTRY = 20;
/** Entries of a page. */
const PAGE = 64;
const NO_PAGE = Buffer.alloc(0);

/** Collects the directory of a run that is written to the end of the file. */
export class DirectoryWriter {
  readonly #file: TemporaryFile;
  readonly #run: number;
  /** First lane of each page. */
  readonly #lanes: number[] = [];
  #entries = Buffer.allocUnsafe(ENTRY * PAGE);
  #length = 0;

  constructor(file: TemporaryFile) {
    this.#file = file;
    this.#run = file.length;
  }

  /**
   * Lanes have to come in ascending order.
   * @param start from the start of the run
   */
  add(lane: number, start: number, end: number): void {
    if (this.#length % (ENTRY * PAGE) === 0) this.#lanes.push(lane);
    if (this.#length === this.#entries.length) this.#entries = Buffer.concat([this.#entries, this.#entries]);
    this.#length = this.#entries.writeUInt32LE(lane, this.#length);
    this.#length = this.#entries.writeDoubleLE(start, this.#length);
    this.#length = this.#entries.writeDoubleLE(end, this.#length);
  }

  /** Appends the directory behind the run. */
  write(): Directory {
    const segment = { start: this.#run, end: this.#file.length };
    this.#file.append(this.#entries.subarray(0, this.#length));
    return new Directory(this.#file, segment, this.#length / ENTRY, Uint32Array.from(this.#lanes));
  }
}

export class Directory {
  /** The run; its directory follows it. */
  readonly segment: Segment;
  readonly #file: TemporaryFile;
  readonly #count: number;
  readonly #lanes: Uint32Array;
  #page: Buffer = NO_PAGE;
  #loaded = -1;

  /**
   * @param count number of entries
   * @param lanes first lane of each page
   */
  constructor(file: TemporaryFile, segment: Segment, count: number, lanes: Uint32Array) {
    this.#file = file;
    this.segment = segment;
    this.#count = count;
    this.#lanes = lanes;
  }

  /** The segment of the file that holds the records of the lane. */
  find(lane: number): Segment | undefined {
    const number = findLastUpTo(this.#lanes.length, lane, (i) => this.#lanes[i]!);
    if (number < 0) return undefined;
    if (number !== this.#loaded) this.#load(number);
    const page = this.#page;
    const at = ENTRY * findLastUpTo(page.length / ENTRY, lane, (i) => page.readUInt32LE(ENTRY * i));
    return page.readUInt32LE(at) === lane ? this.#segmentAt(at) : undefined;
  }

  /** All lanes in ascending order, with their segments; `find` must not be called meanwhile. */
  *lanes(): Generator<readonly [lane: number, Segment], void, undefined> {
    for (let number = 0; number < this.#lanes.length; number++) {
      this.#load(number);
      for (let at = 0; at < this.#page.length; at += ENTRY)
        yield [this.#page.readUInt32LE(at), this.#segmentAt(at)];
    }
  }

  #segmentAt(at: number): Segment {
    const { start } = this.segment;
    return { start: start + this.#page.readDoubleLE(at + 4), end: start + this.#page.readDoubleLE(at + 12) };
  }

  #load(number: number): void {
    const first = PAGE * number;
    const size = ENTRY * Math.min(PAGE, this.#count - first);
    // When reading fails, the page is not valid any more.
    this.#loaded = -1;
    if (this.#page.length !== size) this.#page = Buffer.allocUnsafeSlow(size);
    this.#file.read(this.#page, this.segment.end + ENTRY * first);
    this.#loaded = number;
  }
}

/** Index of the last of `count` ascending numbers that is not above `limit`; -1 when all are. */
function findLastUpTo(count: number, limit: number, at: (place: number) => number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(middle) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
