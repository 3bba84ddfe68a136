/*
 * How a BSON document lies in its bytes (bsonspec.org, version 1.1): a length, elements of type, name and value, and a zero. Positions are
 * those of `bytes`, which hold one whole document that a server has checked; what lies beyond them is never looked at.
 */

export const DOUBLE = 0x01;
export const STRING = 0x02;
export const DOCUMENT = 0x03;
export const ARRAY = 0x04;
export const BINARY = 0x05;
export const OBJECT_ID = 0x07;
export const BOOLEAN = 0x08;
export const DATE = 0x09;
export const NULL = 0x0a;
export const REGEX = 0x0b;
export const CODE = 0x0d;
export const SYMBOL = 0x0e;
export const INT32 = 0x10;
export const TIMESTAMP = 0x11;
export const INT64 = 0x12;
export const DECIMAL128 = 0x13;

const UNDEFINED = 0x06;
const DB_POINTER = 0x0c;
const CODE_WITH_SCOPE = 0x0f;
const MIN_KEY = 0xff;
const MAX_KEY = 0x7f;

export function int32At(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** A signed 64-bit number as a double: exact up to 2^53. */
export function int64At(bytes: Uint8Array, at: number): number {
  return (int32At(bytes, at) >>> 0) + int32At(bytes, at + 4) * 0x1_0000_0000;
}

/** Where the zero after a name lies that begins here. */
export function endOfName(bytes: Uint8Array, at: number): number {
  // Names are short: a loop is faster than a search that is a call into the runtime.
  let end = at;
  while (bytes[end] !== 0) if (++end >= bytes.length) throw new RangeError('a name does not end');
  return end;
}

/** Where the value ends that begins here, which is where the next element begins. */
export function endOfValue(bytes: Uint8Array, type: number, at: number): number {
  switch (type) {
    case DOCUMENT:
    case ARRAY:
    case CODE_WITH_SCOPE:
      return at + int32At(bytes, at);
    case STRING:
    case CODE:
    case SYMBOL:
      return at + 4 + int32At(bytes, at);
    case BINARY:
      return at + 5 + int32At(bytes, at);
    case DB_POINTER:
      return at + 16 + int32At(bytes, at);
    case DOUBLE:
    case DATE:
    case TIMESTAMP:
    case INT64:
      return at + 8;
    case INT32:
      return at + 4;
    case BOOLEAN:
      return at + 1;
    case OBJECT_ID:
      return at + 12;
    case DECIMAL128:
      return at + 16;
    case NULL:
    case UNDEFINED:
    case MIN_KEY:
    case MAX_KEY:
      return at;
    case REGEX:
      return endOfName(bytes, endOfName(bytes, at) + 1) + 1;
    default:
      throw new RangeError(`type ${type} is none of BSON`);
  }
}

/** The text of a STRING, CODE or SYMBOL. Bytes that are no UTF-8 become U+FFFD. */
export function textAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at + 4, at + 3 + int32At(bytes, at));
}
