import { encodeText } from '../store/embedded/text.ts';
import { SortedRuns } from './sorted-runs.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes held in memory. */
const CAPACITY = 1024 * 1024;
/** Parts of a lane's index: to find one source, one of them is read. */
const BUCKETS = 1024;
const END = '\u0000';

/** Where a record of a source lies, and what was noted beside it. */
export interface Found {
  readonly position: number;
  readonly note: string;
}

export type PutSource = (source: string, key: string, position: number, note: string) => void;

/** Finds the records of one source among those of a lane. Made for a lane when somebody asks for one of its sources, which most lanes see nobody do. */
export class SourceIndex {
  readonly #runs: SortedRuns;
  /** lane -> number of its latest index, and its version */
  readonly #made = new Map<number, { readonly number: number; readonly version: number }>();
  #count = 0;

  constructor(file: TemporaryFile, capacity = CAPACITY) {
    this.#runs = new SortedRuns(file, capacity);
  }

  /**
   * The records of a source, in the order of the keys they were put in under.
   * @param version of what is in the lane: an index of another one is made again
   * @param fill puts everything in
   */
  *find(
    lane: number,
    source: string,
    version: number,
    fill: (put: PutSource) => void,
  ): Generator<Found, void, undefined> {
    const number = this.#demand(lane, version, fill);
    const prefix = encodeText(source) + END;
    const merged = this.#runs.read(number * BUCKETS + bucketOf(prefix));
    for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
      if (cursor.key.startsWith(prefix)) yield { position: cursor.number, note: cursor.text };
    }
  }

  #demand(lane: number, version: number, fill: (put: PutSource) => void): number {
    const made = this.#made.get(lane);
    if (made?.version === version) return made.number;
    const number = this.#count++;
    fill((source, key, position, note) => {
      const prefix = encodeText(source) + END;
      this.#runs.add(number * BUCKETS + bucketOf(prefix), prefix + key, position, note);
    });
    this.#made.set(lane, { number, version });
    return number;
  }
}

function bucketOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return (hash >>> 0) % BUCKETS;
}
