import { encodeText } from '../store/embedded/text.ts';
import { LaneCache } from './lane-cache.ts';
import type { SortedRuns } from './sorted/sorted-runs.ts';
import { Sorter } from './sorted/sorter.ts';
import type { TemporaryFile } from './sorted/temporary-file.ts';

/** Bytes held in memory. */
const CAPACITY = 512 * 1024;
/** Parts of a lane's index: to find one source, one of them is read. */
const BUCKETS = 1024;
const END = '\u0000';

/** Where a record of a source lies, and what was noted beside it. */
export interface Found {
  readonly position: number;
  readonly note: string;
}

export type AddSource = (source: string, key: string, position: number, note: string) => void;

/** Finds the records of one source among those of a lane. Made for a lane when somebody asks for one of its sources, which most lanes see nobody do. */
export class SourceIndex {
  readonly #sorter: Sorter;
  readonly #made = new LaneCache<SortedRuns>();

  constructor(file: TemporaryFile) {
    this.#sorter = new Sorter(file, { bytes: CAPACITY });
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
    fill: (put: AddSource) => void,
  ): Generator<Found, void, undefined> {
    const runs = this.#made.get(lane, version, () => this.#make(fill));
    const prefix = encodeText(source) + END;
    const merged = runs.read(bucketOf(prefix));
    for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
      if (cursor.key.startsWith(prefix)) yield { position: cursor.number, note: cursor.text };
    }
  }

  #make(fill: (put: AddSource) => void): SortedRuns {
    this.#sorter.clear();
    fill((source, key, position, note) => {
      const prefix = encodeText(source) + END;
      this.#sorter.add(bucketOf(prefix), prefix + key, position, note);
    });
    return this.#sorter.sorted();
  }
}

function bucketOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return (hash >>> 0) % BUCKETS;
}
