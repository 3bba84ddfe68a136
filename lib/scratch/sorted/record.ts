/*
 * How one record lies in memory and in a file: lengths of key and text, a number, the key, the text. Keys are compared byte by byte, which for
 * UTF-8 is the order of code points.
 */

/** Two lengths of 4 bytes and a number of 8. */
export const HEAD = 16;

/** The first `length` of some bytes: what a record may hold instead of a text. */
export interface Bytes {
  readonly bytes: Buffer;
  readonly length: number;
}

/** Bytes that a record can take at most. */
export function maxRecordLength(key: string, text: string | Bytes): number {
  return HEAD + 3 * key.length + (typeof text === 'string' ? 3 : 1) * text.length;
}

/** Writes a record and returns where it ends. Key and text are well-formed. */
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

/** Length of the record that begins there. */
export function recordLength(bytes: Buffer, at: number): number {
  return HEAD + bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4);
}

/** Orders two records by their keys. */
export function compareKeys(a: Buffer, atA: number, b: Buffer, atB: number): number {
  const [lengthA, lengthB] = [a.readUInt32LE(atA), b.readUInt32LE(atB)];
  const [startA, startB] = [atA + HEAD, atB + HEAD];
  const length = Math.min(lengthA, lengthB);
  // By hand: keys are short, and a native call costs more than this does.
  for (let i = 0; i < length; i++) {
    const difference = a[startA + i]! - b[startB + i]!;
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}
