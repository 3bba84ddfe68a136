// The values a filter computes with, and the rules for one pair of them. Mixed kinds are never an error: such a pair is unequal and unordered.
import { contains, type AddressRange, type NamedRange } from '../../model/network/address.ts';
import { formatInstant, type Instant } from '../../model/time.ts';

/** An instant in milliseconds UTC; calculations may leave fractions. */
export class Time {
  readonly kind = 'time';
  constructor(readonly millis: Instant) {}
}

/** A length of time in milliseconds, possibly negative. */
export class Duration {
  readonly kind = 'duration';
  constructor(readonly millis: number) {}
}

/** An address, a network or a range of one family. */
export class Address {
  readonly kind = 'address';
  constructor(readonly range: NamedRange) {}
}

/** An object or a nested list of the event: it is there, and equals nothing. */
export const OPAQUE = { kind: 'opaque' } as const;

/** Booleans have become 1 and 0 by the time they are values. */
export type Value = string | number | Time | Duration | Address | typeof OPAQUE;

/** Seconds as milliseconds; rounded at the microsecond, because 1.001 * 1000 is 1000.9999999999999. */
export function toMillis(seconds: number): number {
  return Number.isInteger(seconds) ? seconds * 1000 : Math.round(seconds * 1e6) / 1000;
}

/** True for the same number, text, instant, length, or the same first and last address of one family. */
export function equal(a: Value, b: Value): boolean {
  if (typeof a !== 'object') {
    if (typeof b !== 'object') return a === b;
    return typeof a === 'number' && (b.kind === 'time' || b.kind === 'duration') && toMillis(a) === b.millis;
  }
  if (typeof b !== 'object') return equal(b, a);
  if (a.kind === 'address') return b.kind === 'address' && sameRange(a.range, b.range);
  return (a.kind === 'time' || a.kind === 'duration') && a.kind === b.kind && a.millis === b.millis;
}

function sameRange(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.low === b.low && a.high === b.high;
}

/** Negative, zero or positive as `a` comes before, with or after `b`; NaN for a pair that has no order. */
export function compare(a: Value, b: Value): number {
  if (typeof a === 'string') return typeof b === 'string' ? orderText(a, b) : NaN;
  if (typeof b === 'string') return NaN;
  if (typeof a === 'number') {
    if (typeof b === 'number') return difference(a, b);
    return b.kind === 'time' || b.kind === 'duration' ? difference(toMillis(a), b.millis) : NaN;
  }
  if (typeof b === 'number') return -compare(b, a);
  if (a.kind === 'address' || a.kind === 'opaque' || b.kind !== a.kind) return NaN;
  return difference(a.millis, b.millis);
}

// Not a subtraction: infinities would give NaN.
function difference(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN;
}

/** Orders by code point, which is not the order of UTF-16 units when surrogates are compared with U+E000 to U+FFFF. */
function orderText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === length) return a.length - b.length;
  return rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
}

function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** `in` for one pair: containment of addresses, equality of anything else. */
export function isWithin(a: Value, b: Value): boolean {
  if (typeof a === 'object' && typeof b === 'object' && a.kind === 'address' && b.kind === 'address')
    return contains(b.range, a.range);
  return equal(a, b);
}

/** True unless zero or empty. */
export function isTruthy(value: Value): boolean {
  if (typeof value !== 'object') return value !== 0 && value !== '';
  return value.kind !== 'duration' || value.millis !== 0;
}

const DECIMAL = /^[+-]?\d+(?:\.\d+)?$/;

/** The number that a decimal text writes; undefined for any other text. */
export function parseDecimal(text: string): number | undefined {
  return DECIMAL.test(text) ? Number(text) : undefined;
}

/** A number in decimal digits, never with an exponent. */
export function formatDecimal(value: number): string {
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [sign, lead, fraction, exponent] = [parts[1]!, parts[2]!, parts[3] ?? '', Number(parts[4])];
  if (exponent > 0) return `${sign}${lead}${fraction.padEnd(exponent, '0')}`;
  return `${sign}0.${'0'.repeat(-exponent - 1)}${lead}${fraction}`;
}

/** `[nD]hh:mm:ss[.mmm]`, with a sign when negative. */
function formatDuration(millis: number): string {
  const whole = Math.floor(Math.abs(millis) / 1000);
  const rest = Math.abs(millis) % 1000;
  const two = (n: number) => String(n).padStart(2, '0');
  const days = Math.floor(whole / 86_400);
  const clock = [Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60, whole % 60].map(two).join(':');
  const fraction = rest === 0 ? '' : `.${String(Math.floor(rest)).padStart(3, '0')}`;
  return `${millis < 0 ? '-' : ''}${days === 0 ? '' : `${formatDecimal(days)}D`}${clock}${fraction}`;
}

/** The value for people: for `like` on computed values, and for explanations. */
export function formatValue(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return formatDecimal(value);
  if (value.kind === 'address') return value.range.text;
  if (value.kind === 'duration') return formatDuration(value.millis);
  return value.kind === 'time' ? formatTime(value.millis) : '{…}';
}

function formatTime(millis: number): string {
  const whole = Math.floor(millis);
  return Math.abs(whole) <= 8.64e15 ? formatInstant(whole) : `${formatDecimal(whole / 1000)} s`;
}
