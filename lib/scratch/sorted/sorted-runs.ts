import { Cursor } from './cursor.ts';
import type { Directory, Segment } from './directory.ts';
import { Merged } from './merged.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes that all cursors of one reading may hold together, and the most that one of them reads at once. */
const WINDOWS = 2 * 1024 * 1024;
const MOST_WINDOW = 128 * 1024;
/** What a single record is looked for with. */
const GLANCE = 4 * 1024;

/** Runs of records in a file, each sorted by lane and key. Reading a lane merges its parts of all of them. */
export class SortedRuns {
  readonly #file: TemporaryFile;
  /** Runs that were put together, and those that were not; the former came first. */
  readonly #whole: Directory[] = [];
  #fresh: Directory[] = [];

  constructor(file: TemporaryFile) {
    this.#file = file;
  }

  /** Those that were not put together yet. */
  get fresh(): readonly Directory[] {
    return this.#fresh;
  }

  add(run: Directory): void {
    this.#fresh.push(run);
  }

  /** Puts a run in the place of all fresh ones. */
  put(run: Directory): void {
    this.#whole.push(run);
    this.#fresh = [];
  }

  /** The records of some lanes, in the order of their keys. */
  read(...lanes: readonly number[]): Merged {
    const segments: Segment[] = [];
    for (const run of [...this.#whole, ...this.#fresh]) {
      for (const lane of lanes) {
        const segment = run.find(lane);
        if (segment !== undefined) segments.push(segment);
      }
    }
    const window = Math.min(MOST_WINDOW, Math.floor(WINDOWS / segments.length));
    return new Merged(segments.map((segment, age) => new Cursor(this.#file, segment, window, age)));
  }

  /** The record that lies there in the file: see {@link Cursor.position}. */
  at(position: number): Cursor {
    const cursor = new Cursor(this.#file, { start: position, end: this.#file.length }, GLANCE);
    cursor.next();
    return cursor;
  }
}
