import { decodeText, encodeText } from '../store/embedded/text.ts';
import { Largest } from './largest.ts';
import type { EntryPlace, SourceCount } from './port.ts';
import { SortedRuns } from './sorted-runs.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes held in memory. */
const CAPACITY = 1024 * 1024;

/** Sums of events by source, over all places of a lane; made for a lane when they are first asked for. */
export class SourceSums {
  readonly #runs: SortedRuns;
  /** lane -> number of its latest sums, its version, and how many sources */
  readonly #made = new Map<
    number,
    { readonly number: number; readonly version: number; readonly sources: number }
  >();
  #count = 0;

  constructor(file: TemporaryFile, capacity = CAPACITY) {
    this.#runs = new SortedRuns(file, capacity);
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
    const { number } = this.#demand(lane, version, places);
    const largest = new Largest<SourceCount>(limit);
    for (const { key, sum } of this.#runs.sums(number))
      largest.offer(sum, () => ({ source: decodeText(key), events: sum }));
    return largest.bySize();
  }

  #demand(lane: number, version: number, places: () => Iterable<EntryPlace>) {
    const before = this.#made.get(lane);
    if (before?.version === version) return before;
    const number = this.#count++;
    for (const { source, events } of places()) this.#runs.add(number, encodeText(source), events);
    const made = { number, version, sources: this.#runs.countKeys(number) };
    this.#made.set(lane, made);
    return made;
  }
}
