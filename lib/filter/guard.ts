// What an event must hold for a filter to have any chance of matching. A guard may let too much pass, never too little.
import type { AddressRange } from '../model/network/address.ts';
import { ListIdentity, PairComparison, PatternSearch } from './term/comparison-term.ts';
import { AllOf, AnyOf, Existence } from './term/logic-term.ts';
import { Constant, ConstantList, Variable } from './term/operand-term.ts';
import type { Pattern } from './pattern/pattern.ts';
import type { Term } from './term/term.ts';
import type { Value } from './term/value.ts';

/** Some value of the field is one of the keys, or lies within one of the ranges, or has one of the patterns in it. */
export interface Condition {
  readonly field: Variable;
  readonly keys: readonly (string | number)[];
  readonly ranges: readonly AddressRange[];
  readonly patterns: readonly Pattern[];
}

/** At least one of the conditions holds wherever the term is true. Undefined when no such conditions are known. */
export function guardOf(term: Term): readonly Condition[] | undefined {
  if (term instanceof AnyOf) return everyOne(term.parts.map(guardOf));
  if (term instanceof AllOf) return mostSelective(term.parts.map(guardOf));
  if (term instanceof Existence) return guardOf(term.parts[0]!);
  if (term instanceof PairComparison || term instanceof ListIdentity) return guardOfComparison(term);
  return term instanceof PatternSearch ? guardOfSearch(term) : undefined;
}

function everyOne(guards: readonly (readonly Condition[] | undefined)[]): readonly Condition[] | undefined {
  const known = guards.filter((guard) => guard !== undefined);
  return known.length === guards.length ? known.flat() : undefined;
}

function mostSelective(
  guards: readonly (readonly Condition[] | undefined)[],
): readonly Condition[] | undefined {
  const known = guards.filter((guard) => guard !== undefined);
  return known.sort((a, b) => worth(b) - worth(a))[0];
}

/** Addresses tell events apart best, categories badly, and patterns cost most; a guard is as good as the worst of its conditions. */
function worth(guard: readonly Condition[]): number {
  return Math.min(...guard.map(worthOf));
}

function worthOf({ field, ranges, patterns }: Condition): number {
  if (ranges.length > 0) return 3;
  if (patterns.length > 0) return 0;
  return field.path.text === 'Category' ? 1 : 2;
}

function guardOfSearch({ parts, patterns, guests }: PatternSearch): readonly Condition[] | undefined {
  const field = parts[0];
  if (!(field instanceof Variable) || guests.length > 0) return undefined;
  return [{ field, keys: [], ranges: [], patterns }];
}

function guardOfComparison(term: PairComparison | ListIdentity): readonly Condition[] | undefined {
  const [left, right] = [term.parts[0]!, term.parts[1]!];
  const operator = term instanceof PairComparison ? term.operator : '==';
  if (operator !== '==' && operator !== 'in') return undefined;
  const field = left instanceof Variable ? left : right;
  const constants = field === left ? right : left;
  // A constant inside of a value of the field is another question.
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
