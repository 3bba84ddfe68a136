import type { AddressRange } from './address.ts';
import type { Group } from '../group/group.ts';
import { byCodePoint } from '../event/object-view.ts';

type Bound = number | bigint;

/** A network with its groups. */
interface Owned {
  readonly low: Bound;
  readonly high: Bound;
  /** Last address minus first. */
  readonly size: Bound;
  readonly groups: readonly string[];
}

/** Addresses from `from` up to the next segment lie in these networks, smallest first. */
interface Segment {
  readonly from: Bound;
  readonly inside: readonly Owned[];
}

/**
 * Finds the groups that own a source: those of the smallest network that contains all of it, which among nets is the one with the longest
 * prefix. Two groups with the same network both own what lies in it, and disabled groups own sources like any other.
 */
export class NetworkIndex {
  readonly #families: Readonly<Record<4 | 6, readonly Segment[]>>;

  constructor(groups: Iterable<Group>) {
    const all = [...groups];
    this.#families = { 4: segments(collect(all, 4)), 6: segments(collect(all, 6)) };
  }

  /** Names of the owning groups in code point order; empty when nobody owns all of the range. */
  owners(range: AddressRange): readonly string[] {
    const inside = find(this.#families[range.family], range.low)?.inside ?? [];
    const first = inside.findIndex((network) => network.high >= range.high);
    const smallest = inside[first];
    if (smallest === undefined) return [];
    const rivals = inside
      .slice(first + 1)
      .filter((network) => network.size === smallest.size && network.high >= range.high);
    return rivals.length === 0 ? smallest.groups : merged([smallest, ...rivals]);
  }

  /** Names of the groups that own at least one of the ranges, each once, in code point order. */
  ownersOfAny(ranges: Iterable<AddressRange>): readonly string[] {
    const names = new Set<string>();
    for (const range of ranges) for (const name of this.owners(range)) names.add(name);
    return names.size < 2 ? [...names] : [...names].sort(byCodePoint);
  }
}

function collect(groups: readonly Group[], family: 4 | 6): Owned[] {
  const names = new Map<string, { low: Bound; high: Bound; groups: Set<string> }>();
  for (const group of groups) {
    for (const { range } of group.networks) {
      if (range.family !== family) continue;
      const key = `${range.low}-${range.high}`;
      const known = names.get(key);
      if (known === undefined)
        names.set(key, { low: range.low, high: range.high, groups: new Set([group.name]) });
      else known.groups.add(group.name);
    }
  }
  return [...names.values()].map(({ low, high, groups: owners }) => ({
    low,
    high,
    size: typeof low === 'bigint' ? (high as bigint) - low : (high as number) - low,
    groups: [...owners].sort(byCodePoint),
  }));
}

function merged(networks: readonly Owned[]): readonly string[] {
  return [...new Set(networks.flatMap((network) => network.groups))].sort(byCodePoint);
}

/** Cuts the address space wherever a network begins or ends. Networks nest, so few lie above any one address. */
function segments(networks: readonly Owned[]): Segment[] {
  const begins = [...networks].sort((a, b) => compare(a.low, b.low));
  const ends = [...networks].sort((a, b) => compare(a.high, b.high));
  const found: Segment[] = [];
  let inside: readonly Owned[] = [];
  let [b, e] = [0, 0];
  while (e < ends.length) {
    const begin = begins[b];
    const after = next(ends[e]!.high);
    const from = begin !== undefined && begin.low <= after ? begin.low : after;
    const changed = new Set(inside);
    while (e < ends.length && next(ends[e]!.high) <= from) changed.delete(ends[e++]!);
    while (b < begins.length && begins[b]!.low <= from) changed.add(begins[b++]!);
    inside = [...changed].sort((x, y) => compare(x.size, y.size));
    found.push({ from, inside });
  }
  return found;
}

function find(sorted: readonly Segment[], address: Bound): Segment | undefined {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]!.from <= address) from = middle + 1;
    else to = middle;
  }
  return sorted[from - 1];
}

function next(bound: Bound): Bound {
  return typeof bound === 'bigint' ? bound + 1n : bound + 1;
}

function compare(a: Bound, b: Bound): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
