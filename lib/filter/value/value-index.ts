// An index of many values, so that comparing two long lists takes linear time. The rules for one pair are in value.ts.
import { NetworkSet } from '../../model/network/network-set.ts';
import { compare, toMillis, type Address, type Value } from './value.ts';

interface Extremes<T> {
  least: T;
  most: T;
}

/** Values to compare with; each index is built at its first use. */
export class ValueIndex {
  readonly #values: readonly Value[];
  #equality: EqualityIndex | undefined;
  #networks: NetworkSet | undefined;
  #extremes: readonly Value[] | undefined;

  constructor(values: readonly Value[]) {
    this.#values = values;
  }

  /** True when one of the values is equal. */
  hasEqual(value: Value): boolean {
    return (this.#equality ??= new EqualityIndex(this.#values)).has(value);
  }

  /** True when one of the values contains all of the address, or equals the value. */
  hasAround(value: Value): boolean {
    if (typeof value !== 'object' || value.kind !== 'address') return this.hasEqual(value);
    this.#networks ??= new NetworkSet(this.#values.filter(isAddress).map((address) => address.range));
    return this.#networks.covers(value.range);
  }

  /** True when the value is in this order with one of the values, which the least and the greatest of each kind decide. */
  hasOrdered(value: Value, satisfied: (order: number) => boolean): boolean {
    this.#extremes ??= extremesOf(this.#values);
    return this.#extremes.some((extreme) => satisfied(compare(value, extreme)));
  }
}

function isAddress(value: Value): value is Address {
  return typeof value === 'object' && value.kind === 'address';
}

/** Numbers, texts, instants, lengths and ranges, each in a set of its own. */
class EqualityIndex {
  readonly #plain = new Set<string | number>();
  readonly #times = new Set<number>();
  readonly #durations = new Set<number>();
  readonly #ranges = new Set<string>();
  /** The numbers as milliseconds, which times and durations may equal. */
  readonly #seconds = new Set<number>();

  constructor(values: readonly Value[]) {
    for (const value of values) this.#add(value);
  }

  #add(value: Value): void {
    if (typeof value === 'string') this.#plain.add(value);
    else if (typeof value === 'number') {
      if (Number.isNaN(value)) return;
      this.#plain.add(value);
      this.#seconds.add(toMillis(value));
    } else if (value.kind === 'time') this.#times.add(value.millis);
    else if (value.kind === 'duration') this.#durations.add(value.millis);
    else if (value.kind === 'address') this.#ranges.add(rangeKey(value));
  }

  has(value: Value): boolean {
    if (typeof value === 'string') return this.#plain.has(value);
    if (typeof value === 'number') {
      if (this.#plain.has(value)) return true;
      if (this.#times.size === 0 && this.#durations.size === 0) return false;
      return this.#times.has(toMillis(value)) || this.#durations.has(toMillis(value));
    }
    if (value.kind === 'address') return this.#ranges.has(rangeKey(value));
    if (value.kind === 'opaque') return false;
    return (
      this.#seconds.has(value.millis) ||
      (value.kind === 'time' ? this.#times : this.#durations).has(value.millis)
    );
  }
}

function rangeKey({ range }: Address): string {
  return `${range.family}/${range.low}/${range.high}`;
}

/** The least and the greatest value of each kind that has an order. */
function extremesOf(values: readonly Value[]): readonly Value[] {
  const found = new Map<string, Extremes<Value>>();
  for (const value of values) {
    const kind = typeof value === 'object' ? value.kind : typeof value;
    if (kind === 'address' || kind === 'opaque' || Number.isNaN(value)) continue;
    const known = found.get(kind);
    if (known === undefined) found.set(kind, { least: value, most: value });
    else if (compare(value, known.least) < 0) known.least = value;
    else if (compare(value, known.most) > 0) known.most = value;
  }
  return [...found.values()].flatMap(({ least, most }) => [least, most]);
}
