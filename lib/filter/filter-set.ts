// The filters of a group, asked in order. Most filters ask for certain detectors, categories or networks: those are looked up together, and
// only filters that the event may concern are evaluated. Evaluation alone decides, so the outcome is that of asking one after the other.
import type { CompiledFilter } from './compiled-filter.ts';
import { FieldIndex, type OwnedCondition } from './field-index.ts';
import { guardOf } from './guard.ts';
import type { FilterSubject } from './term/subject.ts';

export interface NamedFilter {
  readonly name: string;
  readonly filter: CompiledFilter;
}

export interface FilterSet {
  /** The index of the first filter that matches, or -1. */
  firstMatch(subject: FilterSubject): number;
}

/** @param filters in the order in which they are to be asked */
export function compileFilterSet(filters: readonly NamedFilter[]): FilterSet {
  return new IndexedFilters(filters.map(({ filter }) => filter));
}

class IndexedFilters implements FilterSet {
  readonly #filters: readonly CompiledFilter[];
  readonly #fields: readonly FieldIndex[];
  /** The question at which a filter was last found worth asking; always, for filters that cannot be looked up. */
  readonly #asked: Float64Array;
  #question = 0;

  constructor(filters: readonly CompiledFilter[]) {
    this.#filters = filters;
    this.#asked = new Float64Array(filters.length);
    const byField = new Map<string, OwnedCondition[]>();
    for (const [owner, filter] of filters.entries()) {
      const guard = guardOf(filter.root);
      if (guard === undefined) this.#asked[owner] = Infinity;
      for (const condition of guard ?? []) {
        const path = condition.field.path.text;
        const known = byField.get(path);
        if (known === undefined) byField.set(path, [{ ...condition, owner }]);
        else known.push({ ...condition, owner });
      }
    }
    this.#fields = [...byField.values()].map((conditions) => new FieldIndex(conditions));
    for (const owner of this.#fields.flatMap((field) => field.unindexed)) this.#asked[owner] = Infinity;
  }

  firstMatch(subject: FilterSubject): number {
    const question = ++this.#question;
    const mark = (owner: number) => {
      if (this.#asked[owner]! < question) this.#asked[owner] = question;
    };
    for (const field of this.#fields) field.mark(subject, mark);
    for (let i = 0; i < this.#filters.length; i++)
      if (this.#asked[i]! >= question && this.#filters[i]!.matches(subject)) return i;
    return -1;
  }
}
