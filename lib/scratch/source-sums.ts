import { decodeText, encodeText } from '../store/embedded/text.ts';
import { Largest } from './sorted/largest.ts';
import type { EntryPlace, SourceCount } from './port.ts';
import { LaneCache } from './lane-cache.ts';
import type { SortedRuns } from './sorted/sorted-runs.ts';
import { Sorter } from './sorted/sorter.ts';
import { countKeys, sumByKey } from './sorted/sums.ts';
import type { TemporaryFile } from './sorted/temporary-file.ts';

/** Bytes in memory. */
const CAPACITY = 512 * 1024;

/** The only lane of the sorter. */
const LANE = 0;

/** Sums of events by source over all entries of a lane, computed when they are first asked for. */
export class SourceSums {
  readonly #sorter: Sorter;
  readonly #cache = new LaneCache<{ readonly runs: SortedRuns; readonly sources: number }>();

  constructor(file: TemporaryFile) {
    this.#sorter = new Sorter(file, { bytes: CAPACITY });
  }

  /**
   * @param version of the lane's content; sums of another version are computed again
   * @param places the lane's entries
   */
  count(lane: number, version: number, places: () => Iterable<EntryPlace>): number {
    return this.#compute(lane, version, places).sources;
  }

  /** The sources with most events, then by text. */
  largest(lane: number, limit: number, version: number, places: () => Iterable<EntryPlace>): SourceCount[] {
    const { runs } = this.#compute(lane, version, places);
    const largest = new Largest<SourceCount>(limit);
    for (const { key, sum } of sumByKey(runs.read(LANE)))
      largest.add(sum, () => ({ source: decodeText(key), events: sum }));
    return largest.bySize();
  }

  #compute(lane: number, version: number, places: () => Iterable<EntryPlace>) {
    return this.#cache.get(lane, version, () => {
      this.#sorter.clear();
      for (const { source, events } of places()) this.#sorter.add(LANE, encodeText(source), events);
      const runs = this.#sorter.sorted();
      return { runs, sources: countKeys(runs.read(LANE)) };
    });
  }
}
