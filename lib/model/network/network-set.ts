import { contains, type AddressRange } from './address.ts';

/**
 * Networks of one group. A source belongs to it when one network contains all of it; overlaps and what only two networks together contain
 * do not count. A look-up takes logarithmic time.
 */
export class NetworkSet {
  /** By family and first address. None lies within another, so they are in the order of last addresses, too. */
  readonly #ranges: readonly AddressRange[];

  constructor(ranges: readonly AddressRange[]) {
    const outer: AddressRange[] = [];
    for (const range of [...ranges].sort(byPlace)) {
      const before = outer.at(-1);
      if (before === undefined || !contains(before, range)) outer.push(range);
    }
    // A copy has no spare capacity, and there may be tens of thousands of sets.
    this.#ranges = outer.slice();
  }

  covers(range: AddressRange): boolean {
    const ranges = this.#ranges;
    let from = 0;
    let to = ranges.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (beginsBefore(ranges[middle]!, range)) from = middle + 1;
      else to = middle;
    }
    // Of the networks that begin at or before the range, the last one reaches furthest.
    return from > 0 && contains(ranges[from - 1]!, range);
  }

  /** Whether several networks together contain all of a range that no single one does. */
  coverTogether(range: AddressRange): boolean {
    let low = range.low;
    for (const network of this.#ranges) {
      if (network.family !== range.family || network.high < low) continue;
      if (network.low > low) return false;
      if (network.high >= range.high) return !this.covers(range);
      low = typeof network.high === 'bigint' ? network.high + 1n : network.high + 1;
    }
    return false;
  }
}

/** At the range's first address or before it; families in their order. */
function beginsBefore(network: AddressRange, range: AddressRange): boolean {
  return network.family === range.family ? network.low <= range.low : network.family < range.family;
}

/** Of ranges that begin at the same address the largest comes first. */
function byPlace(a: AddressRange, b: AddressRange): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.low !== b.low) return a.low < b.low ? -1 : 1;
  return a.high > b.high ? -1 : a.high < b.high ? 1 : 0;
}
