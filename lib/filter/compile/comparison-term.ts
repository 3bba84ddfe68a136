// Terms that compare: unknown when a side is empty, otherwise true or false.
import { addressText } from '../../model/event/object-view.ts';
import { formatInstant } from '../../model/time.ts';
import { sameLists, somePair, type PairOperator } from '../value/comparison.ts';
import { ConstantList } from './operand-term.ts';
import { compileEventPatterns, type Pattern } from '../pattern/pattern.ts';
import { ValueIndex } from '../value/value-index.ts';
import { toTruth, UNKNOWN, type Truth } from './truth.ts';
import type { FilterSubject } from './filter-subject.ts';
import type { Node } from '../syntax/tree.ts';
import { TruthTerm, type Term } from './term.ts';
import { formatDecimal } from '../value/value.ts';

/** True when some pair satisfies the operator. */
export class PairComparison extends TruthTerm {
  readonly operator: PairOperator;
  readonly #constants: ValueIndex | undefined;

  constructor(node: Node, operator: PairOperator, left: Term, right: Term) {
    super(node, [left, right]);
    this.operator = operator;
    this.#constants = right instanceof ConstantList ? new ValueIndex(right.list) : undefined;
  }

  truth(subject: FilterSubject): Truth {
    const left = this.parts[0]!.values(subject);
    if (left.length === 0) return UNKNOWN;
    const right = this.parts[1]!.values(subject);
    if (right.length === 0) return UNKNOWN;
    return toTruth(somePair(this.operator, left, right, this.#constants));
  }
}

/** `is`: the two lists are the same. */
export class ListIdentity extends TruthTerm {
  truth(subject: FilterSubject): Truth {
    const [left, right] = [this.parts[0]!.values(subject), this.parts[1]!.values(subject)];
    return left.length === 0 || right.length === 0 ? UNKNOWN : toTruth(sameLists(left, right));
  }
}

/** `like`: some pattern is found in some value as it is written. */
export class PatternSearch extends TruthTerm {
  /** Those of the filter itself. */
  readonly patterns: readonly Pattern[];
  /** Operands whose values are patterns. */
  readonly eventPatterns: readonly Term[];

  constructor(
    node: Node,
    left: Term,
    right: Term,
    patterns: readonly Pattern[],
    eventPatterns: readonly Term[],
  ) {
    super(node, [left, right]);
    this.patterns = patterns;
    this.eventPatterns = eventPatterns;
  }

  truth(subject: FilterSubject): Truth {
    const values = this.parts[0]!.rawValues(subject);
    if (values.length === 0) return UNKNOWN;
    const found = this.eventPatterns.flatMap((operand) => operand.rawValues(subject));
    if (this.patterns.length === 0 && found.length === 0) return UNKNOWN;
    return toTruth(
      anyFound(values, this.patterns) || (found.length > 0 && anyFound(values, compileEventPatterns(found))),
    );
  }
}

function anyFound(values: readonly unknown[], patterns: readonly Pattern[]): boolean {
  for (const value of values) {
    const text = searchableText(value);
    if (text === undefined) continue;
    for (const pattern of patterns) if (pattern.test(text)) return true;
  }
  return false;
}

/** What a pattern is searched in: text as it is, numbers in decimal, native dates in the form of events; undefined for anything else. */
export function searchableText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatDecimal(value);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : formatInstant(value.getTime());
  return addressText(value);
}
