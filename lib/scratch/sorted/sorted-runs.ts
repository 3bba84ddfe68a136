import { Cursor } from './cursor.ts';
import type { Directory, Segment } from './directory.ts';
import { MergedCursor } from './merged-cursor.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes that all cursors of one reading may hold together, and the most that one of them reads at once. */
const MAX_WINDOW_BYTES = 2 * 1024 * 1024;
const MAX_WINDOW = 128 * 1024;
/** What a single record is looked for with. */
const SINGLE_RECORD_WINDOW = 4 * 1024;

/** Runs of records in a file, each sorted by lane and key. Reading a lane merges its parts of all of them. */
export class SortedRuns {
  readonly #file: TemporaryFile;
  /** Runs that were put together, and those that were not; the former came first. */
  readonly #merged: Directory[] = [];
  #unmerged: Directory[] = [];

  constructor(file: TemporaryFile) {
    this.#file = file;
  }

  /** Those that were not put together yet. */
  get unmerged(): readonly Directory[] {
    return this.#unmerged;
  }

  add(run: Directory): void {
    this.#unmerged.push(run);
  }

  /** Puts a run in the place of all fresh ones. */
  replaceUnmerged(run: Directory): void {
    this.#merged.push(run);
    this.#unmerged = [];
  }

  /** The records of some lanes, in the order of their keys. */
  read(...lanes: readonly number[]): MergedCursor {
    const segments: Segment[] = [];
    for (const run of [...this.#merged, ...this.#unmerged]) {
      for (const lane of lanes) {
        const segment = run.find(lane);
        if (segment !== undefined) segments.push(segment);
      }
    }
    const window = Math.min(MAX_WINDOW, Math.floor(MAX_WINDOW_BYTES / segments.length));
    return new MergedCursor(segments.map((segment, age) => new Cursor(this.#file, segment, window, age)));
  }

  /** The record that lies there in the file: see {@link Cursor.position}. */
  recordAt(position: number): Cursor {
    const cursor = new Cursor(this.#file, { start: position, end: this.#file.length }, SINGLE_RECORD_WINDOW);
    cursor.next();
    return cursor;
  }
}
