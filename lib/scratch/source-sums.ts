import { decodeText, encodeText } from '../store/embedded/text.ts';
import { Largest } from './sorted/largest.ts';
import type { EntryPlace, SourceCount } from './port.ts';
import { LaneCache } from './lane-cache.ts';
import type { SortedRuns } from './sorted/sorted-runs.ts';
import { Sorter } from './sorted/sorter.ts';
import { countKeys, sumByKey } from './sorted/sums.ts';
import type { TemporaryFile } from './sorted/temporary-file.ts';

/** Bytes held in memory. */
const CAPACITY = 512 * 1024;

/** Everything lies in the one lane of the sorter that this needs. */
const LANE = 0;

/** Sums of events by source, over all places of a lane; made for a lane when they are first asked for. */
export class SourceSums {
  readonly #sorter: Sorter;
  readonly #made = new LaneCache<{ readonly runs: SortedRuns; readonly sources: number }>();

  constructor(file: TemporaryFile) {
    this.#sorter = new Sorter(file, { bytes: CAPACITY });
  }

  /**
   * @param version of what is in the lane: sums of another one are made again
   * @param places of the lane
   */
  count(lane: number, version: number, places: () => Iterable<EntryPlace>): number {
    return this.#demand(lane, version, places).sources;
  }

  /** Those with most events, then by text. */
  largest(lane: number, limit: number, version: number, places: () => Iterable<EntryPlace>): SourceCount[] {
    const { runs } = this.#demand(lane, version, places);
    const largest = new Largest<SourceCount>(limit);
    for (const { key, sum } of sumByKey(runs.read(LANE)))
      largest.add(sum, () => ({ source: decodeText(key), events: sum }));
    return largest.bySize();
  }

  #demand(lane: number, version: number, places: () => Iterable<EntryPlace>) {
    return this.#made.get(lane, version, () => {
      this.#sorter.clear();
      for (const { source, events } of places()) this.#sorter.add(LANE, encodeText(source), events);
      const runs = this.#sorter.sorted();
      return { runs, sources: countKeys(runs.read(LANE)) };
    });
  }
}
