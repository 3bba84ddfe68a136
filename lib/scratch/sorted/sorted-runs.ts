import { Cursor, windowFor } from './cursor.ts';
import type { Directory, Segment } from './directory.ts';
import { MergedCursor } from './merged-cursor.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Window of a cursor that reads a single record. */
const SINGLE_RECORD_WINDOW = 4 * 1024;

/** Runs of records in a file, each sorted by lane and key. Reading a lane merges its segments of all runs. */
export class SortedRuns {
  readonly #file: TemporaryFile;
  /** Merged runs hold the older records. */
  readonly #merged: Directory[] = [];
  #unmerged: Directory[] = [];

  constructor(file: TemporaryFile) {
    this.#file = file;
  }

  get unmerged(): readonly Directory[] {
    return this.#unmerged;
  }

  add(run: Directory): void {
    this.#unmerged.push(run);
  }

  /** Replaces all unmerged runs by the run they were merged into. */
  replaceUnmerged(run: Directory): void {
    this.#merged.push(run);
    this.#unmerged = [];
  }

  /** The records of some lanes, by key. */
  read(...lanes: readonly number[]): MergedCursor {
    const segments: Segment[] = [];
    for (const run of [...this.#merged, ...this.#unmerged]) {
      for (const lane of lanes) {
        const segment = run.find(lane);
        if (segment !== undefined) segments.push(segment);
      }
    }
    const window = windowFor(segments.length);
    return new MergedCursor(segments.map((segment, age) => new Cursor(this.#file, segment, window, age)));
  }

  /** The record at this position of the file: see {@link Cursor.position}. */
  recordAt(position: number): Cursor {
    const cursor = new Cursor(this.#file, { start: position, end: this.#file.length }, SINGLE_RECORD_WINDOW);
    cursor.next();
    return cursor;
  }
}
