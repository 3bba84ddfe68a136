// Converts values of an event to the type of their path. What cannot be converted stays as it is.
import { addressText } from '../../model/event/object-view.ts';
import { parseEventAddress } from '../../model/network/address.ts';
import { parseTimestamp } from '../../model/time.ts';
import { parseClock } from '../syntax/literal.ts';
import type { OperandType } from './operand-type.ts';
import { Address, parseDecimal, Duration, OPAQUE, Time, toMillis, type Value } from '../value/value.ts';

/** The values of one path in its type; the same list, not a copy, when there is nothing to convert. */
export function typedValues(raw: readonly unknown[], type: OperandType): readonly Value[] {
  return raw.every((value) => isFinal(value, type)) ? raw : raw.map((value) => typedValue(value, type));
}

function isFinal(value: unknown, type: OperandType): value is Value {
  if (typeof value === 'number') return type === 'plain' || type === 'number';
  return typeof value === 'string' && type === 'plain';
}

function typedValue(raw: unknown, type: OperandType): Value {
  if (typeof raw === 'boolean') return unconverted(Number(raw), type);
  const value = typeof raw === 'bigint' ? Number(raw) : raw;
  return convert(value, type) ?? unconverted(value, type);
}

function convert(value: unknown, type: OperandType): Value | undefined {
  switch (type) {
    case 'time':
      return fromMillis(parseTimestamp(value), Time);
    case 'duration':
      return fromMillis(parseDuration(value), Duration);
    case 'ip4':
    case 'ip6':
      return address(value, type === 'ip4' ? 4 : 6);
    case 'number':
      return typeof value === 'string' ? parseDecimal(value) : undefined;
    case 'folded':
      return typeof value === 'string' ? value.toLowerCase() : undefined;
    case 'plain':
      return undefined;
  }
}

/** Text stays text. A number that is no time, duration or address must not pass for seconds, so it equals nothing. */
function unconverted(value: unknown, type: OperandType): Value {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && (type === 'plain' || type === 'number' || type === 'folded')) return value;
  if (type !== 'plain' || !(value instanceof Date)) return OPAQUE;
  return fromMillis(parseTimestamp(value), Time) ?? OPAQUE;
}

function fromMillis<T>(millis: number | undefined, kind: new (millis: number) => T): T | undefined {
  return millis === undefined ? undefined : new kind(millis);
}

/** `[nD]hh:mm:ss[.f]` or seconds, as a number or as text. */
function parseDuration(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? parseDecimal(value) : value;
  if (typeof seconds === 'number') return Number.isFinite(seconds) ? toMillis(seconds) : undefined;
  return typeof value === 'string' ? parseClock(value) : undefined;
}

function address(value: unknown, family: 4 | 6): Address | undefined {
  const text = addressText(value);
  const range = text === undefined ? undefined : parseEventAddress(text, family);
  return range === undefined ? undefined : new Address(range);
}
