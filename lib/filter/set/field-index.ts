// Looks up the conditions that the filters of a group put on one field.
import { searchableText } from '../compile/comparison-term.ts';
import type { Condition } from './required-conditions.ts';
import type { Variable } from '../compile/operand-term.ts';
import { PatternSet } from '../pattern/pattern.ts';
import { RangeIndex } from './range-index.ts';
import type { FilterSubject } from '../compile/filter-subject.ts';

/** A condition with the number of its filter. */
export interface OwnedCondition extends Condition {
  readonly owner: number;
}

type Found = (owner: number) => void;

export class FieldIndex {
  /** Filters whose patterns do not fit into one set: they have to be evaluated for every event. */
  readonly unindexed: readonly number[];
  readonly #field: Variable;
  readonly #keys = new Map<string | number, number[]>();
  readonly #ranges: Readonly<Record<4 | 6, RangeIndex>>;
  readonly #patterns: PatternSet | undefined;
  readonly #ownersOfPatterns: readonly number[];

  /** @param conditions on the same field, one at least */
  constructor(conditions: readonly OwnedCondition[]) {
    this.#field = conditions[0]!.field;
    for (const { keys, owner } of conditions) for (const key of new Set(keys)) this.#addKey(key, owner);
    const ranges = conditions.flatMap((c) => c.ranges.map((range) => ({ range, owner: c.owner })));
    this.#ranges = { 4: new RangeIndex(ranges, 4), 6: new RangeIndex(ranges, 6) };
    this.#ownersOfPatterns = conditions.flatMap((c) => c.patterns.map(() => c.owner));
    const patterns = conditions.flatMap((c) => c.patterns);
    this.#patterns = patterns.length === 0 ? undefined : PatternSet.of(patterns);
    this.unindexed = this.#patterns === undefined ? this.#ownersOfPatterns : [];
  }

  #addKey(key: string | number, owner: number): void {
    const owners = this.#keys.get(key);
    if (owners === undefined) this.#keys.set(key, [owner]);
    else owners.push(owner);
  }

  /** Calls `found` for the owners of the conditions that the event meets, for some more than once. */
  visitMet(subject: FilterSubject, found: Found): void {
    for (const value of this.#field.values(subject)) {
      if (typeof value !== 'object') this.#keys.get(value)?.forEach(found);
      else if (value.kind === 'address') this.#ranges[value.range.family].visitContaining(value.range, found);
    }
    if (this.#patterns !== undefined) this.#search(this.#patterns, subject, found);
  }

  #search(patterns: PatternSet, subject: FilterSubject, found: Found): void {
    for (const value of this.#field.rawValues(subject)) {
      const text = searchableText(value);
      if (text === undefined) continue;
      for (const number of patterns.found(text)) found(this.#ownersOfPatterns[number]!);
    }
  }
}
