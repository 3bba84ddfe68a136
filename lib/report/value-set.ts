import { byCodePoint } from '../model/object-view.ts';
import type { Value } from '../model/clean.ts';
import type { ValueSet } from '../model/report.ts';

// A set of values in bounded memory whose outcome depends only on what was put in, never on the order or the grouping.

/** Up to this many distinct values a set is exact; beyond, only the smallest {@link KEPT} are kept and the rest is no longer counted. */
export const EXACT = 1_000;
/** Values of a set that a report holds. */
export const KEPT = 100;

/** Numbers before texts, numbers by size, texts by code point. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  return typeof b === 'number' ? 1 : byCodePoint(a, b);
}

export class ValueBag {
  /** Distinct. While `#own` is undefined it belongs to somebody else and is never changed: most sets see one event only. */
  #values: readonly Value[] = [];
  #own: Set<Value> | undefined;
  /** Sorted `#values` are the smallest {@link KEPT} of more than {@link EXACT}. */
  #saturated = false;

  static of(values: readonly Value[]): ValueBag {
    const bag = new ValueBag();
    bag.#values = values;
    if (values.length > 1) {
      const distinct = new Set(values);
      if (distinct.size < values.length) bag.#values = [...distinct];
      if (distinct.size > EXACT) bag.#saturate();
    }
    return bag;
  }

  /** Reads back what {@link toJson} wrote. */
  static fromPartial(partial: ValueSet): ValueBag {
    const bag = new ValueBag();
    bag.#values = partial.values;
    bag.#saturated = partial.at_least === true;
    return bag;
  }

  /** Number of values held in memory. */
  get size(): number {
    return this.#own?.size ?? this.#values.length;
  }

  absorb(other: ValueBag): void {
    if (this.size === 0) {
      this.#values = other.#own === undefined ? other.#values : [...other.#own];
      this.#saturated = other.#saturated;
      return;
    }
    const values = other.#own ?? other.#values;
    if (values === this.#values) return;
    if (other.#saturated) this.#saturate();
    this.#add(values);
  }

  #add(values: Iterable<Value>): void {
    if (this.#saturated) {
      this.#addSaturated(values);
      return;
    }
    this.#own ??= new Set(this.#values);
    for (const value of values) this.#own.add(value);
    if (this.#own.size > EXACT) this.#saturate();
  }

  #addSaturated(values: Iterable<Value>): void {
    const last = this.#values.length < KEPT ? undefined : this.#values[KEPT - 1];
    const smaller = last === undefined ? [...values] : [...values].filter((v) => compareValues(v, last) < 0);
    if (smaller.length > 0)
      this.#values = [...new Set([...this.#values, ...smaller])].sort(compareValues).slice(0, KEPT);
  }

  #saturate(): void {
    if (this.#saturated) return;
    this.#values = [...(this.#own ?? this.#values)].sort(compareValues).slice(0, KEPT);
    this.#own = undefined;
    this.#saturated = true;
  }

  /** All that is held, in order, as JSON of a {@link ValueSet}: up to {@link EXACT} values. */
  toJson(): string {
    const values = jsonOf(this.#inOrder());
    return this.#saturated
      ? `{"values":${values},"left_out":${EXACT + 1 - KEPT},"at_least":true}`
      : `{"values":${values}}`;
  }

  #inOrder(): readonly Value[] {
    const values = this.#own ?? this.#values;
    if (this.#own === undefined && this.#values.length <= 1) return this.#values;
    return [...values].sort(compareValues);
  }
}

/** As JSON.stringify does it, which takes three times as long for the one number that most lists are. */
function jsonOf(values: readonly Value[]): string {
  const [only] = values;
  return values.length === 1 && typeof only === 'number' ? `[${only}]` : JSON.stringify(values);
}

/** A finished set of a report: the first `kept` values, and how many were left out. */
export function cutSet(set: ValueSet, kept: number): ValueSet {
  const cut = set.values.length - kept;
  if (cut <= 0) return set;
  return { ...set, values: set.values.slice(0, kept), left_out: (set.left_out ?? 0) + cut };
}
