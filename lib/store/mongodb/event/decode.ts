import { Decimal128 } from 'mongodb';
import { formatInstant } from '../../../model/time.ts';
import {
  ARRAY,
  BINARY,
  BOOLEAN,
  CODE,
  DATE,
  DECIMAL128,
  DOCUMENT,
  DOUBLE,
  endOfName,
  endOfValue,
  INT32,
  int32At,
  INT64,
  int64At,
  OBJECT_ID,
  REGEX,
  STRING,
  SYMBOL,
  textAt,
  TIMESTAMP,
} from './bson.ts';
import { nameAt } from './name-cache.ts';

/*
 * Decodes BSON into values that JSON can hold: dates as ISO texts, binaries as base64, whole numbers beyond 2^53 as bigints, so that none is
 * rounded, and types without a counterpart as null. Invalid UTF-8 becomes U+FFFD.
 */

/** The calendar form has four digits for the year. */
const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00Z');
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** The elements of the document that begins here; only those with a wanted name, when given. */
export function decodeDocument(
  bytes: Buffer,
  start: number,
  wanted?: ReadonlySet<string>,
): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const end = start + int32At(bytes, start) - 1;
  for (let at = start + 4; at < end;) {
    const type = bytes[at]!;
    const nameEnd = endOfName(bytes, at + 1);
    const name = nameAt(bytes, at + 1, nameEnd);
    const next = endOfValue(bytes, type, nameEnd + 1);
    if (wanted === undefined || wanted.has(name))
      setMember(object, name, decodeValue(bytes, type, nameEnd + 1));
    at = next;
  }
  return object;
}

/** Sets a member the way JSON.parse does, where `__proto__` is a key like any other. */
function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}

function decodeArray(bytes: Buffer, start: number): unknown[] {
  const list: unknown[] = [];
  const end = start + int32At(bytes, start) - 1;
  for (let at = start + 4; at < end;) {
    const type = bytes[at]!;
    const value = endOfName(bytes, at + 1) + 1;
    list.push(decodeValue(bytes, type, value));
    at = endOfValue(bytes, type, value);
  }
  return list;
}

/** The value of this type that begins here. */
export function decodeValue(bytes: Buffer, type: number, at: number): unknown {
  switch (type) {
    case STRING:
    case CODE:
    case SYMBOL:
      return textAt(bytes, at);
    case DOCUMENT:
      return decodeDocument(bytes, at);
    case ARRAY:
      return decodeArray(bytes, at);
    case INT32:
      return int32At(bytes, at);
    case DOUBLE:
      return bytes.readDoubleLE(at);
    case BOOLEAN:
      return bytes[at] === 1;
    case DATE:
      return dateText(int64At(bytes, at));
    case INT64:
    case TIMESTAMP:
      return wholeNumber(bytes, at);
    case DECIMAL128:
      return new Decimal128(bytes.subarray(at, at + 16)).toString();
    case OBJECT_ID:
      return bytes.toString('hex', at, at + 12);
    case BINARY:
      return bytes.toString('base64', at + 5, at + 5 + int32At(bytes, at));
    case REGEX:
      return regexText(bytes, at);
    default:
      return null;
  }
}

/** Null for an instant outside the years 1 to 9999, which IDEA0 cannot express. */
function dateText(instant: number): string | null {
  return isInCalendar(instant) ? formatInstant(instant) : null;
}

/** True when the instant lies in the years 1 to 9999. */
export function isInCalendar(instant: number): boolean {
  return instant >= FIRST_INSTANT && instant <= LAST_INSTANT;
}

function wholeNumber(bytes: Buffer, at: number): number | bigint {
  const number = int64At(bytes, at);
  return Number.isSafeInteger(number) ? number : bytes.readBigInt64LE(at);
}

function regexText(bytes: Buffer, at: number): string {
  const middle = endOfName(bytes, at);
  return `/${bytes.toString('utf8', at, middle)}/${bytes.toString('utf8', middle + 1, endOfName(bytes, middle + 1))}`;
}
