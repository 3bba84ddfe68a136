import { byCodePoint } from '../../model/event/object-view.ts';
import type { Value } from '../../model/event/event-content.ts';
import type { ValueSet } from '../../model/report.ts';
import type { PackedReader, PackedWriter } from '../../scratch/packed-values.ts';

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

/** Up to so many values are looked through one by one: a Set takes longer to make than it saves. */
const FEW = 16;

export class ValueBag {
  /** Distinct. */
  #values: Value[] = [];
  /** The same, when there are more than {@link FEW}. */
  #index: Set<Value> | undefined;
  /** Sorted `#values` are the smallest {@link KEPT} of more than {@link EXACT}. */
  #saturated = false;

  static of(values: readonly Value[]): ValueBag {
    const bag = new ValueBag();
    bag.addAll(values);
    return bag;
  }

  /** Number of values held in memory. */
  get size(): number {
    return this.#values.length;
  }

  addAll(values: readonly Value[]): void {
    for (const value of values) this.#add(value);
  }

  absorb(other: ValueBag): void {
    if (other.#saturated) this.#saturate();
    this.addAll(other.#values);
  }

  pack(out: PackedWriter): void {
    out.write(this.#saturated ? -this.#values.length : this.#values.length);
    for (const value of this.#values) out.write(value);
  }

  /** Adds all that {@link pack} packed. */
  absorbPacked(packed: PackedReader): void {
    const count = packed.readNumber();
    if (count < 0) this.#saturate();
    for (let left = Math.abs(count); left > 0; left--) this.#add(packed.read());
  }

  #add(value: Value): void {
    if (this.#saturated) {
      this.#addSmaller(value);
      return;
    }
    if (this.#index?.has(value) ?? this.#values.includes(value)) return;
    this.#values.push(value);
    if (this.#index !== undefined) this.#index.add(value);
    else if (this.#values.length > FEW) this.#index = new Set(this.#values);
    if (this.#values.length > EXACT) this.#saturate();
  }

  #addSmaller(value: Value): void {
    const values = this.#values;
    let place = values.length;
    while (place > 0 && compareValues(values[place - 1]!, value) > 0) place--;
    if (place === KEPT || values[place - 1] === value) return;
    values.splice(place, 0, value);
    if (values.length > KEPT) values.pop();
  }

  #saturate(): void {
    if (this.#saturated) return;
    this.#values = this.#values.sort(compareValues).slice(0, KEPT);
    this.#index = undefined;
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
    return this.#values.length <= 1 ? this.#values : [...this.#values].sort(compareValues);
  }
}

/** Packs what a bag of the values would pack. */
export function packValues(out: PackedWriter, values: readonly Value[]): void {
  if (values.length === 1) {
    out.write(1);
    out.write(values[0]!);
  } else ValueBag.of(values).pack(out);
}

/** As JSON.stringify does it, which takes twice as long for the few values that most lists are. */
function jsonOf(values: readonly Value[]): string {
  let json = '';
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    json += `${i === 0 ? '' : ','}${typeof value === 'number' || !PLAIN.test(value) ? JSON.stringify(value) : `"${value}"`}`;
  }
  return `[${json}]`;
}

/** Texts that stand in JSON as they are. */
const PLAIN = /^[\w .:/-]*$/;

/** A finished set of a report: the first `kept` values, and how many were left out. */
export function cutSet(set: ValueSet, kept: number): ValueSet {
  const cut = set.values.length - kept;
  if (cut <= 0) return set;
  return { ...set, values: set.values.slice(0, kept), left_out: (set.left_out ?? 0) + cut };
}
