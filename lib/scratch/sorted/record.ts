/*
 * The layout of a record in memory and in a file: lengths of key and text, a number, the key, the text. Keys are compared as bytes, which for
 * UTF-8 is the order of code points.
 */

/** Two lengths of 4 bytes and a number of 8. */
export const HEAD = 16;

/** The first `length` bytes of a buffer, which a record may hold instead of a text. */
export interface Bytes {
  readonly bytes: Buffer;
  readonly length: number;
}

/** Upper bound of a record's length in bytes. */
export function maxRecordLength(key: string, text: string | Bytes): number {
  return HEAD + 3 * key.length + (typeof text === 'string' ? 3 : 1) * text.length;
}

/** Writes a record and returns its end. Key and text have to be well-formed. */
export function writeRecord(
  bytes: Buffer,
  at: number,
  key: string,
  number: number,
  text: string | Bytes,
): number {
  const keyLength = bytes.write(key, at + HEAD);
  const textLength = writeText(bytes, at + HEAD + keyLength, text);
  bytes.writeUInt32LE(keyLength, at);
  bytes.writeUInt32LE(textLength, at + 4);
  bytes.writeDoubleLE(number, at + 8);
  return at + HEAD + keyLength + textLength;
}

function writeText(bytes: Buffer, at: number, text: string | Bytes): number {
  if (text === '') return 0;
  return typeof text === 'string' ? bytes.write(text, at) : text.bytes.copy(bytes, at, 0, text.length);
}

/** Length of the record at this position. */
export function recordLength(bytes: Buffer, at: number): number {
  return HEAD + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4);
}

/** Orders two records by their keys. */
export function compareKeys(a: Buffer, atA: number, b: Buffer, atB: number): number {
  const [startA, startB] = [atA + HEAD, atB + HEAD];
  return a.compare(b, startB, startB + b.readUInt32LE(atB), startA, startA + a.readUInt32LE(atA));
}
