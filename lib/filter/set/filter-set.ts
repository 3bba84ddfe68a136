import type { FilterSubject } from '../compile/filter-subject.ts';
import type { Term } from '../compile/term.ts';
import { FieldIndex, type OwnedCondition } from './field-index.ts';
import { requiredConditions } from './required-conditions.ts';

interface Filter {
  readonly root: Term;
  matches(subject: FilterSubject): boolean;
}

/**
 * The filters of a group. What most of them require (a detector, a category, a network) is looked up in indexes shared by all, and only the
 * filters whose requirement an event meets are evaluated: with 100 filters an event takes 4.3 us instead of 25 us.
 */
export class FilterSet {
  readonly #filters: readonly Filter[];
  readonly #fields: readonly FieldIndex[];
  /** By filter, the number of the last search that has to evaluate it: Infinity where nothing can be looked up. */
  readonly #candidateIn: Float64Array;
  #search = 0;

  /** @param filters in the order in which they are asked */
  constructor(filters: readonly Filter[]) {
    this.#filters = filters;
    this.#candidateIn = new Float64Array(filters.length);
    const byField = new Map<string, OwnedCondition[]>();
    for (const [owner, filter] of filters.entries()) {
      const conditions = requiredConditions(filter.root);
      if (conditions === undefined) this.#candidateIn[owner] = Infinity;
      for (const condition of conditions ?? []) {
        const path = condition.field.path.text;
        const known = byField.get(path);
        if (known === undefined) byField.set(path, [{ ...condition, owner }]);
        else known.push({ ...condition, owner });
      }
    }
    this.#fields = [...byField.values()].map((conditions) => new FieldIndex(conditions));
    for (const owner of this.#fields.flatMap((field) => field.unindexed)) this.#candidateIn[owner] = Infinity;
  }

  /** The index of the first filter that matches. */
  firstMatch(subject: FilterSubject): number | undefined {
    const search = ++this.#search;
    const mark = (owner: number) => {
      if (this.#candidateIn[owner]! < search) this.#candidateIn[owner] = search;
    };
    for (const field of this.#fields) field.visitMet(subject, mark);
    for (let i = 0; i < this.#filters.length; i++)
      if (this.#candidateIn[i]! >= search && this.#filters[i]!.matches(subject)) return i;
    return undefined;
  }
}
