import type { AddressRange } from './address.ts';

/**
 * Networks of one group, asked per source whether one of them holds it entirely: an overlap does not count, nor what only two
 * networks together cover. Logarithmic in the number of networks.
 */
export class NetworkSet {
  readonly #families: Readonly<Record<4 | 6, Sorted>>;

  constructor(ranges: readonly AddressRange[]) {
    this.#families = { 4: sorted(ranges, 4), 6: sorted(ranges, 6) };
  }

  covers(range: AddressRange): boolean {
    const { lows, highest } = this.#families[range.family];
    let from = 0;
    let to = lows.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (lows[middle]! <= range.low) from = middle + 1;
      else to = middle;
    }
    // Of the networks that begin at or before the range, the one that reaches furthest holds it, or none does.
    return from > 0 && highest[from - 1]! >= range.high;
  }
}

interface Sorted {
  /** First addresses, rising. */
  readonly lows: readonly (number | bigint)[];
  /** The highest last address among the networks up to this one. */
  readonly highest: readonly (number | bigint)[];
}

function sorted(ranges: readonly AddressRange[], family: 4 | 6): Sorted {
  const own = ranges
    .filter((range) => range.family === family)
    .sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
  const highest: (number | bigint)[] = [];
  for (const { high } of own) {
    const before = highest.at(-1);
    highest.push(before !== undefined && before > high ? before : high);
  }
  return { lows: own.map((range) => range.low), highest };
}
