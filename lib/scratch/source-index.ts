import { encodeText } from '../store/embedded/text.ts';
import { LaneCache } from './lane-cache.ts';
import type { SortedRuns } from './sorted/sorted-runs.ts';
import { Sorter } from './sorted/sorter.ts';
import type { TemporaryFile } from './sorted/temporary-file.ts';

/** Bytes in memory. */
const CAPACITY = 512 * 1024;
/** Hash buckets of a lane's index: finding a source reads one of them. */
const BUCKETS = 1024;
const END = '\u0000';

/** Position of a record of a source, and a note that was stored with it. */
export interface Found {
  readonly position: number;
  readonly note: string;
}

export type AddSource = (source: string, key: string, position: number, note: string) => void;

/** Finds the records of one source of a lane. Built when a source is first asked for, which extra reports and attachments of few lanes do. */
export class SourceIndex {
  readonly #sorter: Sorter;
  readonly #cache = new LaneCache<SortedRuns>();

  constructor(file: TemporaryFile) {
    this.#sorter = new Sorter(file, { bytes: CAPACITY });
  }

  /**
   * The records of a source, by the keys they were added with.
   * @param version of the lane's content; the index of another version is built again
   * @param fill adds all records
   */
  *find(
    lane: number,
    source: string,
    version: number,
    fill: (add: AddSource) => void,
  ): Generator<Found, void, undefined> {
    const runs = this.#cache.get(lane, version, () => this.#build(fill));
    const prefix = encodeText(source) + END;
    const merged = runs.read(bucketOf(prefix));
    for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
      if (cursor.key.startsWith(prefix)) yield { position: cursor.number, note: cursor.text };
    }
  }

  #build(fill: (add: AddSource) => void): SortedRuns {
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
