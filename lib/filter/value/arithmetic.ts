// Calculations on lists of values, element by element. What cannot be calculated makes the whole result empty, which means unknown.
import { parseDecimal, Duration, Time, toMillis, type Value } from './value.ts';

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

const UNKNOWN: readonly Value[] = [];

/** Lists of one length, or one value with each of the other side; an empty list is unknown, as is a result that cannot be. */
export function calculate(
  operator: ArithmeticOperator,
  left: readonly Value[],
  right: readonly Value[],
): readonly Value[] {
  if (left.length === 0 || right.length === 0) return UNKNOWN;
  if (left.length !== right.length && left.length !== 1 && right.length !== 1) return UNKNOWN;
  const results: Value[] = [];
  const length = Math.max(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const result = calculateOne(
      operator,
      left[left.length === 1 ? 0 : i]!,
      right[right.length === 1 ? 0 : i]!,
    );
    if (result === undefined) return UNKNOWN;
    results.push(result);
  }
  return results;
}

function calculateOne(operator: ArithmeticOperator, left: Value, right: Value): Value | undefined {
  const a = typeof left === 'string' && typeof right === 'number' ? parseDecimal(left) : left;
  const b = typeof right === 'string' && typeof left === 'number' ? parseDecimal(right) : right;
  if (a === undefined || b === undefined) return undefined;
  if (typeof a === 'number' && typeof b === 'number') return finite(numbers(operator, a, b));
  if (isTime(a) || isTime(b)) return withTime(operator, a, b);
  if (isDuration(a) || isDuration(b)) return withDuration(operator, a, b);
  return undefined;
}

function isTime(value: Value): value is Time {
  return typeof value === 'object' && value.kind === 'time';
}

function isDuration(value: Value): value is Duration {
  return typeof value === 'object' && value.kind === 'duration';
}

/** The length in milliseconds that a duration or a number of seconds stands for. */
function lengthOf(value: Value): number | undefined {
  if (typeof value === 'number') return toMillis(value);
  return isDuration(value) ? value.millis : undefined;
}

function withTime(operator: ArithmeticOperator, a: Value, b: Value): Value | undefined {
  if (operator !== '+' && operator !== '-') return undefined;
  if (isTime(a) && isTime(b)) return operator === '-' ? duration(a.millis - b.millis) : undefined;
  const [time, length] = isTime(a) ? [a, lengthOf(b)] : operator === '+' && isTime(b) ? [b, lengthOf(a)] : [];
  if (time === undefined || length === undefined) return undefined;
  const millis = finite(operator === '+' ? time.millis + length : time.millis - length);
  return millis === undefined ? undefined : new Time(millis);
}

function withDuration(operator: ArithmeticOperator, a: Value, b: Value): Value | undefined {
  const [left, right] = [lengthOf(a), lengthOf(b)];
  if (left === undefined || right === undefined) return undefined;
  if (operator === '+') return duration(left + right);
  if (operator === '-') return duration(left - right);
  if (typeof b === 'number') return scaled(operator, left, b);
  if (typeof a === 'number') return operator === '*' ? duration(a * right) : undefined;
  if (operator === '/') return finite(left / right);
  return operator === '%' ? duration(numbers('%', left, right)) : undefined;
}

function scaled(operator: ArithmeticOperator, millis: number, factor: number): Duration | undefined {
  if (operator === '*') return duration(millis * factor);
  return operator === '/' ? duration(millis / factor) : undefined;
}

function duration(millis: number): Duration | undefined {
  return Number.isFinite(millis) ? new Duration(millis) : undefined;
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function numbers(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      // The sign of the divisor, where the host's operator takes that of the dividend.
      return ((a % b) + b) % b;
  }
}
