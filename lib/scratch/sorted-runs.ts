import { Cursor } from './cursor.ts';
import { Directory, type Segment } from './directory.ts';
import { Merged } from './merged.ts';
import { compareKeys, mostBytes, putRecord, recordLength, type Bytes } from './record.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes that all cursors of one reading may hold together, and the least and the most that one of them reads at once. */
const WINDOWS = 8 * 1024 * 1024;
const LEAST_WINDOW = 1024;
const MOST_WINDOW = 256 * 1024;
/** What a single record is looked for with. */
const GLANCE = 4 * 1024;

/** Records of one lane that are still in memory, by where they begin. */
interface Waiting {
  readonly starts: number[];
  /** They were put in in the order of their keys. */
  ordered: boolean;
}

/**
 * Records of many lanes: a key, a number and a text each. They gather in memory up to a bound and are then put into a file as a run, sorted
 * by lane and key; reading a lane merges its parts of all runs. So whatever is put in is written once and read in order, in bounded memory.
 * Events mostly come in order, and then nothing is sorted.
 */
export class SortedRuns {
  readonly #file: TemporaryFile;
  readonly #bytes: Buffer;
  readonly #runs: Directory[] = [];
  #waiting = new Map<number, Waiting>();
  #filled = 0;

  /** @param capacity bytes held in memory */
  constructor(file: TemporaryFile, capacity: number) {
    this.#file = file;
    this.#bytes = file.buffers.take(capacity);
  }

  /** @param lane less than 2^32 */
  add(lane: number, key: string, number: number, text: string | Bytes = ''): void {
    const most = mostBytes(key, text);
    if (most > this.#bytes.length) {
      this.#addAlone(lane, key, number, text);
      return;
    }
    if (this.#filled + most > this.#bytes.length) this.#writeRun();
    const at = this.#filled;
    this.#filled = putRecord(this.#bytes, at, key, number, text);
    const waiting = this.#waiting.get(lane);
    if (waiting === undefined) {
      this.#waiting.set(lane, { starts: [at], ordered: true });
      return;
    }
    const { starts } = waiting;
    if (waiting.ordered && compareKeys(this.#bytes, starts.at(-1)!, this.#bytes, at) > 0)
      waiting.ordered = false;
    starts.push(at);
  }

  /** The records of some lanes, in the order of their keys; what is added later does not show. */
  read(...lanes: readonly number[]): Merged {
    this.#writeRun();
    const segments: Segment[] = [];
    for (const run of this.#runs) {
      for (const lane of lanes) {
        const segment = run.find(lane);
        if (segment !== undefined) segments.push(segment);
      }
    }
    const window = Math.max(LEAST_WINDOW, Math.min(MOST_WINDOW, Math.floor(WINDOWS / segments.length)));
    return new Merged(segments.map((segment, age) => new Cursor(this.#file, segment, window, age)));
  }

  /** The keys of some lanes in order, each once, with the sum of its numbers. */
  *sums(
    ...lanes: readonly number[]
  ): Generator<{ readonly key: string; readonly sum: number }, void, undefined> {
    const merged = this.read(...lanes);
    let key: string | undefined;
    let sum = 0;
    for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
      if (merged.isNew) {
        if (key !== undefined) yield { key, sum };
        key = cursor.key;
        sum = 0;
      }
      sum += cursor.number;
    }
    if (key !== undefined) yield { key, sum };
  }

  /** Number of distinct keys of a lane. */
  countKeys(lane: number): number {
    const merged = this.read(lane);
    let count = 0;
    while (merged.next() !== undefined) if (merged.isNew) count++;
    return count;
  }

  /** The record that lies there in the file: see {@link Cursor.position}. */
  at(position: number): Cursor {
    const cursor = new Cursor(this.#file, { start: position, end: this.#file.length }, GLANCE);
    cursor.next();
    return cursor;
  }

  #writeRun(): void {
    if (this.#filled === 0) return;
    const out = this.#file.buffers.room(this.#filled);
    const start = this.#file.length;
    const segments: [number, Segment][] = [];
    let length = 0;
    for (const lane of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      const first = length;
      for (const at of inOrder(this.#bytes, this.#waiting.get(lane)!))
        length += this.#bytes.copy(out, length, at, at + recordLength(this.#bytes, at));
      segments.push([lane, { start: start + first, end: start + length }]);
    }
    this.#file.append(out);
    this.#runs.push(new Directory(this.#file, start, segments));
    this.#waiting = new Map();
    this.#filled = 0;
  }

  /** A record that does not fit into what is held in memory becomes a run of its own. */
  #addAlone(lane: number, key: string, number: number, text: string | Bytes): void {
    this.#writeRun();
    const record = Buffer.allocUnsafe(mostBytes(key, text));
    const start = this.#file.length;
    this.#file.append(record.subarray(0, putRecord(record, 0, key, number, text)));
    this.#runs.push(new Directory(this.#file, start, [[lane, { start, end: this.#file.length }]]));
  }
}

function inOrder(bytes: Buffer, { starts, ordered }: Waiting): readonly number[] {
  return ordered ? starts : starts.sort((a, b) => compareKeys(bytes, a, bytes, b));
}
