import { decodeText, encodeText } from '../store/embedded/text.ts';
import { Largest } from './sorted/largest.ts';
import type { ValueCount } from './port.ts';
import { Sorter, type Bounds } from './sorted/sorter.ts';
import { sumByKey } from './sorted/sums.ts';
import type { TemporaryFile } from './sorted/temporary-file.ts';

/** Bytes in memory. */
const CAPACITY = 1024 * 1024;
/** Upper bound: each dimension of a lane is a lane of the sorter. */
const DIMENSIONS = 64;

/** Partial counts of a slice, summed when they are read. */
export class ScratchCounts {
  readonly #sorter: Sorter;
  readonly #dimensions = new Map<string, number>();

  constructor(file: TemporaryFile, bounds: Bounds = { bytes: CAPACITY }) {
    this.#sorter = new Sorter(file, bounds);
  }

  add(lane: number, { dimension, value, count }: ValueCount): void {
    this.#sorter.add(this.#sorterLane(lane, dimension), encodeText(value), count);
  }

  largest(lane: number, dimension: string, limit: number): { top: ValueCount[]; rest: number } {
    const largest = new Largest<ValueCount>(limit);
    if (this.#dimensions.has(dimension)) {
      for (const { key, sum } of sumByKey(this.#sorter.sorted().read(this.#sorterLane(lane, dimension))))
        largest.add(sum, () => ({ dimension, value: decodeText(key), count: sum }));
    }
    const top = largest.bySize();
    return { top, rest: top.reduce((rest, { count }) => rest - count, largest.total) };
  }

  #sorterLane(lane: number, dimension: string): number {
    let number = this.#dimensions.get(dimension);
    if (number === undefined) this.#dimensions.set(dimension, (number = this.#dimensions.size));
    if (number >= DIMENSIONS) throw new Error(`more than ${DIMENSIONS} dimensions`);
    return lane * DIMENSIONS + number;
  }
}
