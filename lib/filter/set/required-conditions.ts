// Conditions without which a filter cannot match. They may hold where the filter does not match, never the other way round.
import type { AddressRange } from '../../model/network/address.ts';
import { ListIdentity, PairComparison, PatternSearch } from '../compile/comparison-term.ts';
import { AllOf, AnyOf, Existence } from '../compile/logic-term.ts';
import { Constant, ConstantList, Variable } from '../compile/operand-term.ts';
import type { Pattern } from '../pattern/pattern.ts';
import type { Term } from '../compile/term.ts';
import type { Value } from '../value/value.ts';

/** Holds when a value of the field is one of the keys, lies within one of the ranges, or contains one of the patterns. */
export interface Condition {
  readonly field: Variable;
  readonly keys: readonly (string | number)[];
  readonly ranges: readonly AddressRange[];
  readonly patterns: readonly Pattern[];
}

/** Conditions of which at least one holds wherever the term is true; undefined when none are known. */
export function requiredConditions(term: Term): readonly Condition[] | undefined {
  if (term instanceof AnyOf) return allAlternatives(term.parts.map(requiredConditions));
  if (term instanceof AllOf) return mostSelective(term.parts.map(requiredConditions));
  if (term instanceof Existence) return requiredConditions(term.parts[0]!);
  if (term instanceof PairComparison || term instanceof ListIdentity) return conditionsOfComparison(term);
  return term instanceof PatternSearch ? conditionsOfSearch(term) : undefined;
}

function allAlternatives(
  sets: readonly (readonly Condition[] | undefined)[],
): readonly Condition[] | undefined {
  const known = sets.filter((set) => set !== undefined);
  return known.length === sets.length ? known.flat() : undefined;
}

function mostSelective(
  sets: readonly (readonly Condition[] | undefined)[],
): readonly Condition[] | undefined {
  const known = sets.filter((set) => set !== undefined);
  return known.sort((a, b) => selectivity(b) - selectivity(a))[0];
}

/** Addresses select best, categories select little, and patterns cost most; the worst of alternatives counts. */
function selectivity(conditions: readonly Condition[]): number {
  return Math.min(...conditions.map(selectivityOf));
}

function selectivityOf({ field, ranges, patterns }: Condition): number {
  if (ranges.length > 0) return 3;
  if (patterns.length > 0) return 0;
  return field.path.text === 'Category' ? 1 : 2;
}

function conditionsOfSearch({
  parts,
  patterns,
  eventPatterns,
}: PatternSearch): readonly Condition[] | undefined {
  const field = parts[0];
  if (!(field instanceof Variable) || eventPatterns.length > 0) return undefined;
  return [{ field, keys: [], ranges: [], patterns }];
}

function conditionsOfComparison(term: PairComparison | ListIdentity): readonly Condition[] | undefined {
  const [left, right] = [term.parts[0]!, term.parts[1]!];
  const operator = term instanceof PairComparison ? term.operator : '==';
  if (operator !== '==' && operator !== 'in') return undefined;
  const field = left instanceof Variable ? left : right;
  const constants = field === left ? right : left;
  // `constant in field` asks for a constant within a value, which no look-up answers.
  if (!(field instanceof Variable) || (operator === 'in' && field === right)) return undefined;
  if (!(constants instanceof Constant) && !(constants instanceof ConstantList)) return undefined;
  const condition = conditionOf(field, constants.list);
  return condition === undefined ? undefined : [condition];
}

function conditionOf(field: Variable, values: readonly Value[]): Condition | undefined {
  const texts = values.filter((value) => typeof value === 'string');
  const numbers = values.filter((value) => typeof value === 'number');
  const ranges = values.flatMap((value) =>
    typeof value === 'object' && value.kind === 'address' ? [value.range] : [],
  );
  const lookedUp = field.type === 'ip4' || field.type === 'ip6' ? ranges : [...texts, ...numbers];
  // Times and durations are not looked up, and in a field without a type a number may equal a native date.
  if (field.type === 'time' || field.type === 'duration' || lookedUp.length < values.length) return undefined;
  if (field.type === 'plain' && numbers.length > 0) return undefined;
  return { field, keys: [...texts, ...numbers], ranges, patterns: [] };
}
