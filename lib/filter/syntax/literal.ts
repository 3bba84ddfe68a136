// Literals without quotes. Text of the right shape that has no value, such as an impossible date, is an error with a hint.
import { parseAddress } from '../../model/network/address.ts';
import { parseCalendar } from '../../model/time.ts';
import type { FilterProblem } from './filter-error.ts';
import { Address, Duration, Time } from '../value/value.ts';

export type Literal =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'number'; readonly value: number; readonly text: string }
  | { readonly type: 'time'; readonly value: Time; readonly text: string }
  | { readonly type: 'duration'; readonly value: Duration; readonly text: string }
  | { readonly type: 'ip4' | 'ip6'; readonly value: Address; readonly text: string };

interface Shape {
  /** The end of the longest literal of this shape at the offset, or -1. */
  readonly end: (text: string, offset: number) => number;
  readonly read: (text: string) => Literal | FilterProblem;
}

const DATETIME = /\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)/y;
const DURATION = /(?:\d+[Dd])?\d\d:\d\d:\d\d/y;
const IP4 = /\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2}|(?:-|\.\.)\d{1,3}(?:\.\d{1,3}){3})?/y;
const IP6_RUN = /[0-9A-Fa-f:]{2,}/y;
const IP6_PREFIX = /\/\d{1,3}/y;
const IP6_DASH = /-|\.\./y;
const FLOAT = /\d+\.\d+/y;
const INTEGER = /\d+/y;

// In the order that decides between matches of equal length.
const SHAPES: readonly Shape[] = [
  { end: (text, at) => endOf(DATETIME, text, at), read: readTime },
  { end: (text, at) => endOf(DURATION, text, at), read: readDuration },
  { end: (text, at) => endOf(IP4, text, at), read: readIp4 },
  { end: endOfIp6, read: readIp6 },
  { end: (text, at) => endOf(FLOAT, text, at), read: readNumber },
  { end: (text, at) => endOf(INTEGER, text, at), read: readNumber },
];

/** The longest literal at the offset: its end, and its value or its problem. Undefined when none begins there. */
export function literalAt(
  text: string,
  offset: number,
): { end: number; literal: Literal | FilterProblem } | undefined {
  let best: Shape | undefined;
  let bestEnd = -1;
  for (const shape of SHAPES) {
    const end = shape.end(text, offset);
    if (end > bestEnd) [best, bestEnd] = [shape, end];
  }
  return best === undefined ? undefined : { end: bestEnd, literal: best.read(text.slice(offset, bestEnd)) };
}

export function isProblem(value: object | string | number): value is FilterProblem {
  return typeof value === 'object' && 'what' in value;
}

function endOf(shape: RegExp, text: string, offset: number): number {
  shape.lastIndex = offset;
  return shape.test(text) ? shape.lastIndex : -1;
}

function endOfIp6(text: string, offset: number): number {
  const first = endOfRun(text, offset);
  if (first < 0) return -1;
  const prefix = endOf(IP6_PREFIX, text, first);
  if (prefix >= 0) return prefix;
  const dash = endOf(IP6_DASH, text, first);
  const second = dash < 0 ? -1 : endOfRun(text, dash);
  return second < 0 ? first : second;
}

/** Hex digits and colons, with a colon somewhere after the first character. */
function endOfRun(text: string, offset: number): number {
  const end = endOf(IP6_RUN, text, offset);
  return end >= 0 && text.slice(offset, end).includes(':', 1) ? end : -1;
}

function readNumber(text: string): Literal | FilterProblem {
  const value = Number(text);
  if (Number.isFinite(value)) return { type: 'number', value, text };
  return { what: 'number is too large', expected: 'at most 308 digits' };
}

function readTime(text: string): Literal | FilterProblem {
  const instant = parseCalendar(text);
  if (instant !== undefined) return { type: 'time', value: new Time(instant), text };
  return {
    what: 'time does not exist',
    got: text,
    expected: 'a real date, hour 0 to 23, minute and second 0 to 59',
  };
}

function readDuration(text: string): Literal | FilterProblem {
  const millis = parseClock(text);
  if (millis !== undefined) return { type: 'duration', value: new Duration(millis), text };
  return { what: 'duration does not exist', got: text, expected: 'minutes and seconds 00 to 59' };
}

const CLOCK = /^(?:(\d+)[Dd])?(\d\d):([0-5]\d):([0-5]\d)(\.\d+)?$/;

/** The milliseconds of `[nD]hh:mm:ss[.f]`, the fraction cut at the microsecond; undefined for anything else. */
export function parseClock(text: string): number | undefined {
  const m = CLOCK.exec(text);
  if (m === null) return undefined;
  const seconds = Number(m[1] ?? 0) * 86_400 + Number(m[2]) * 3600 + Number(m[3]) * 60 + Number(m[4]);
  const fraction = m[5] === undefined ? 0 : Math.round(Number(`0${m[5].slice(0, 7)}`) * 1e6) / 1000;
  return Number.isFinite(seconds) ? seconds * 1000 + fraction : undefined;
}

function readIp4(text: string): Literal | FilterProblem {
  return readAddress(text, 'ip4');
}

function readIp6(text: string): Literal | FilterProblem {
  return readAddress(text, 'ip6');
}

function readAddress(text: string, type: 'ip4' | 'ip6'): Literal | FilterProblem {
  const range = parseRange(text, type);
  if (range !== undefined) return { type, value: new Address(range), text };
  const family = type === 'ip4' ? 'IPv4' : 'IPv6';
  return { what: `not an ${family} address`, got: text, hint: addressHint(text, type) };
}

/** Reads an address, network or range of one family; ranges are written with `-` or `..`. */
export function parseRange(text: string, type: 'ip4' | 'ip6'): Address['range'] | undefined {
  return parseAddress(text.replace('..', '-'), type === 'ip4' ? 4 : 6);
}

/** Why a text that looks like an address cannot be one. */
export function addressHint(text: string, type: 'ip4' | 'ip6'): string | undefined {
  const prefix = /\/(\d+)$/.exec(text)?.[1];
  const limit = type === 'ip4' ? 32 : 128;
  if (prefix !== undefined && Number(prefix) > limit) return `a prefix is 0 to ${limit}`;
  if (type === 'ip4') {
    if (parseAddress(text, 6) !== undefined) return 'this is an IPv6 address, the field holds IPv4';
    if (/(?:^|[.-])0\d/.test(text)) return 'no leading zeros';
    return /\d{3}/.test(text)
      ? 'each of the four parts is 0 to 255'
      : 'four numbers of 0 to 255 with dots between';
  }
  if (parseAddress(text, 4) !== undefined) return 'this is an IPv4 address, the field holds IPv6';
  if (/^\d{1,2}:\d{1,2}:\d{1,2}$/.test(text)) return 'a duration is written hh:mm:ss, two digits each';
  if (/^[\d:Dd]+-/.test(text)) return 'to subtract, put blanks around the minus';
  return 'eight groups of up to four hex digits, :: at most once';
}
