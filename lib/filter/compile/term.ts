// A node of a compiled filter, evaluated for one event at a time.
import type { Node } from '../syntax/tree.ts';
import { FALSE, TRUE, type Truth } from './truth.ts';
import type { FilterSubject } from './filter-subject.ts';
import type { Value } from '../value/value.ts';

export abstract class Term {
  readonly node: Node;
  /** The terms directly below, in the order of the text. */
  readonly parts: readonly Term[];

  constructor(node: Node, parts: readonly Term[] = []) {
    this.node = node;
    this.parts = parts;
  }

  abstract truth(subject: FilterSubject): Truth;

  /** The values as a list; empty when there are none or when they are unknown, which means the same to every caller. */
  abstract values(subject: FilterSubject): readonly Value[];

  /** The values as they are written in the event or in the filter: what a pattern is searched in. */
  rawValues(subject: FilterSubject): readonly unknown[] {
    return this.values(subject);
  }
}

const ONE: readonly Value[] = [1];
const ZERO: readonly Value[] = [0];
const NONE: readonly Value[] = [];

/** A term with a truth value, which counts as 1 or 0 where a number is needed. */
export abstract class TruthTerm extends Term {
  values(subject: FilterSubject): readonly Value[] {
    const truth = this.truth(subject);
    return truth === TRUE ? ONE : truth === FALSE ? ZERO : NONE;
  }
}
