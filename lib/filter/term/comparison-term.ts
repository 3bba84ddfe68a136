// Comparisons at work: unknown when a side is empty, otherwise true or false.
import { addressText } from '../../model/event/object-view.ts';
import { formatInstant } from '../../model/time.ts';
import { sameLists, somePair, type PairOperator } from './comparison.ts';
import { ConstantList } from './operand-term.ts';
import { guestPatterns, type Pattern } from '../pattern/pattern.ts';
import { Pool } from './pool.ts';
import { truthOf, UNKNOWN, type Truth } from './truth.ts';
import type { FilterSubject } from './subject.ts';
import type { Node } from '../syntax/syntax.ts';
import { TruthTerm, type Term } from './term.ts';
import { decimalText } from './value.ts';

/** True when some pair satisfies the operator. */
export class PairComparison extends TruthTerm {
  readonly operator: PairOperator;
  readonly #pool: Pool | undefined;

  constructor(node: Node, operator: PairOperator, left: Term, right: Term) {
    super(node, [left, right]);
    this.operator = operator;
    this.#pool = right instanceof ConstantList ? new Pool(right.list) : undefined;
  }

  truth(subject: FilterSubject): Truth {
    const left = this.parts[0]!.values(subject);
    if (left.length === 0) return UNKNOWN;
    const right = this.parts[1]!.values(subject);
    if (right.length === 0) return UNKNOWN;
    return truthOf(somePair(this.operator, left, right, this.#pool));
  }
}

/** `is`: the two lists are the same. */
export class ListIdentity extends TruthTerm {
  truth(subject: FilterSubject): Truth {
    const [left, right] = [this.parts[0]!.values(subject), this.parts[1]!.values(subject)];
    return left.length === 0 || right.length === 0 ? UNKNOWN : truthOf(sameLists(left, right));
  }
}

/** `like`: some pattern is found in some value as it is written. */
export class PatternSearch extends TruthTerm {
  /** Those of the filter itself. */
  readonly patterns: readonly Pattern[];
  /** Operands whose values are patterns. */
  readonly guests: readonly Term[];

  constructor(node: Node, left: Term, right: Term, patterns: readonly Pattern[], guests: readonly Term[]) {
    super(node, [left, right]);
    this.patterns = patterns;
    this.guests = guests;
  }

  truth(subject: FilterSubject): Truth {
    const values = this.parts[0]!.written(subject);
    if (values.length === 0) return UNKNOWN;
    const found = this.guests.flatMap((guest) => guest.written(subject));
    if (this.patterns.length === 0 && found.length === 0) return UNKNOWN;
    return truthOf(
      someFound(values, this.patterns) || (found.length > 0 && someFound(values, guestPatterns(found))),
    );
  }
}

function someFound(values: readonly unknown[], patterns: readonly Pattern[]): boolean {
  for (const value of values) {
    const text = writtenText(value);
    if (text === undefined) continue;
    for (const pattern of patterns) if (pattern.test(text)) return true;
  }
  return false;
}

/** Text as it is, numbers in decimal, native dates in the form of events; nothing for booleans, objects and what was calculated of times. */
export function writtenText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return decimalText(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : formatInstant(value.getTime());
  return addressText(value);
}
