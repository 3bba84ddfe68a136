// Converts constants by the type of their neighbour: quoted text becomes a time, a duration or an address where the other operand is one.
import { parseCalendar } from '../../model/time.ts';
import type { FilterProblem } from '../syntax/filter-error.ts';
import { addressHint, parseClock, parseRange, type Literal } from '../syntax/literal.ts';
import type { OperandType } from './operand-type.ts';
import { quoted } from '../syntax/print.ts';
import { Address, parseDecimal, Duration, Time, toMillis, type Value } from '../value/value.ts';

const TIME_TEXT = 'a time like 2024-02-10T12:00:00Z, or seconds since 1970';
const DURATION_TEXT = 'a duration like 02:30:00 or 7D00:00:00, or seconds';

/** The value of a literal in a comparison with an operand of this type. */
export function comparedConstant(literal: Literal, neighbour: OperandType): Value | FilterProblem {
  switch (neighbour) {
    case 'time':
      return literal.type === 'text'
        ? (parseTimeConstant(literal.value) ?? mismatch(literal, TIME_TEXT))
        : literal.value;
    case 'duration':
      return literal.type === 'text'
        ? (parseDurationConstant(literal.value) ?? mismatch(literal, DURATION_TEXT))
        : literal.value;
    case 'ip4':
    case 'ip6':
      return toAddress(literal, neighbour);
    case 'folded':
      return literal.type === 'text' ? literal.value.toLowerCase() : literal.value;
    case 'number':
    case 'plain':
      return literal.value;
  }
}

/** The value of a literal that is added to or subtracted from an operand of this type, or the other way round. */
export function addedConstant(literal: Literal, neighbour: OperandType): Value | FilterProblem {
  if (literal.type !== 'text' || (neighbour !== 'time' && neighbour !== 'duration')) return literal.value;
  const instant = parseCalendar(literal.value);
  if (instant !== undefined) return new Time(instant);
  return parseDurationConstant(literal.value) ?? mismatch(literal, `${DURATION_TEXT}, or a time`);
}

const UNSIGNED = /^\d/;

function parseSeconds(text: string): number | undefined {
  return UNSIGNED.test(text) ? parseDecimal(text) : undefined;
}

function parseTimeConstant(text: string): Time | undefined {
  const seconds = parseSeconds(text);
  const instant = seconds === undefined ? parseCalendar(text) : toMillis(seconds);
  return instant === undefined ? undefined : new Time(instant);
}

function parseDurationConstant(text: string): Duration | undefined {
  const seconds = parseSeconds(text);
  const millis =
    seconds === undefined ? (text.includes('.') ? undefined : parseClock(text)) : toMillis(seconds);
  return millis === undefined ? undefined : new Duration(millis);
}

function toAddress(literal: Literal, type: 'ip4' | 'ip6'): Value | FilterProblem {
  const mapped = literal.type === 'ip6' && literal.value.range.family === 4;
  if (literal.type === type || mapped) return literal.value;
  const text = literal.type === 'text' ? literal.value : undefined;
  const range = text === undefined ? undefined : parseRange(text, type);
  if (range !== undefined) return new Address(range);
  const expected = `an ${type === 'ip4' ? 'IPv4' : 'IPv6'} address, network or range`;
  return mismatch(literal, expected, text === undefined ? undefined : addressHint(text, type));
}

function mismatch(literal: Literal, expected: string, hint?: string): FilterProblem {
  const got = literal.type === 'text' ? quoted(literal.value) : literal.text;
  return { what: `${got} does not fit what it stands beside`, expected, hint };
}
