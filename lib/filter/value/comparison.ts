// Comparisons of two lists of values. Except for `is` they hold when some pair satisfies the operator.
import { ValueIndex } from './value-index.ts';
import { equal, isWithin, compare, type Value } from './value.ts';

export type PairOperator = 'in' | '==' | '!=' | '>' | '>=' | '<' | '<=';

/** Up to this many pairs are simply tried. */
const FEW = 64;

const satisfied: Readonly<Record<'<' | '<=' | '>' | '>=', (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** The rule for one pair. */
export function pairSatisfies(operator: PairOperator, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case 'in':
      return isWithin(left, right);
    default:
      return satisfied[operator](compare(left, right));
  }
}

/** True when some left and some right value satisfy the operator. Linear in both, however many there are. */
export function somePair(
  operator: PairOperator,
  left: readonly Value[],
  right: readonly Value[],
  known?: ValueIndex,
): boolean {
  if (left.length * right.length <= FEW) {
    for (const a of left) for (const b of right) if (pairSatisfies(operator, a, b)) return true;
    return false;
  }
  if (operator === '!=') return someUnequal(left, right);
  const index = known ?? new ValueIndex(right);
  if (operator === '==') return left.some((value) => index.hasEqual(value));
  if (operator === 'in') return left.some((value) => index.hasAround(value));
  return left.some((value) => index.hasOrdered(value, satisfied[operator]));
}

/**
 * True when not all pairs are equal. Values of one kind that all equal something are the same, so one of each kind stands for the rest.
 */
function someUnequal(left: readonly Value[], right: readonly Value[]): boolean {
  if (left.some((value) => !equal(value, right[0]!)) || right.some((value) => !equal(left[0]!, value)))
    return true;
  const ofEachKind = (values: readonly Value[]) => [
    ...new Map(values.map((value) => [kindOf(value), value])).values(),
  ];
  const others = ofEachKind(right);
  return ofEachKind(left).some((a) => others.some((b) => !equal(a, b)));
}

function kindOf(value: Value): string {
  return typeof value === 'object' ? value.kind : typeof value;
}

/** `is`: the same values in the same order. */
export function sameLists(left: readonly Value[], right: readonly Value[]): boolean {
  return left.length === right.length && left.every((value, i) => equal(value, right[i]!));
}
