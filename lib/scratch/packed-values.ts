import type { TextTable } from './text-table.ts';

/*
 * Numbers and texts in few bytes, one after the other. Each begins with a whole number of up to 30 bits, the lowest seven of them in its first
 * byte and so on. Its last two bits say what it is the head of: a small number, which is the rest of it; the number of a text in the
 * table; the length of a text that follows; or nothing but a double that follows.
 */

const SMALL = 0;
const KNOWN = 1;
const TEXT = 2;
const DOUBLE = 3;

/** Numbers below this are small. */
const SMALL_END = 2 ** 28;
/** Bytes of a head or of a double with its head, at most. */
const MOST_BYTES = 9;
/** Bytes of memory kept when a writer begins anew. */
const KEPT = 64 * 1024;

/** Packs numbers and well-formed texts. */
export class PackedWriter {
  /** What was put lies at the beginning of these bytes, up to `length`. */
  bytes: Buffer = Buffer.allocUnsafeSlow(KEPT);
  length = 0;
  readonly #texts: TextTable;

  constructor(texts: TextTable) {
    this.#texts = texts;
  }

  /** Forgets what was put. */
  clear(): void {
    this.length = 0;
    if (this.bytes.length > KEPT) this.bytes = Buffer.allocUnsafeSlow(KEPT);
  }

  write(value: number | string): void {
    this.#reserve(MOST_BYTES);
    if (typeof value === 'string') {
      const number = this.#texts.toNumber(value);
      if (number === undefined) this.#writeText(value);
      else this.#writeHead(number, KNOWN);
    } else if (value >= 0 && value < SMALL_END && Number.isInteger(value)) this.#writeHead(value, SMALL);
    else {
      this.#writeHead(0, DOUBLE);
      this.length = this.bytes.writeDoubleLE(value, this.length);
    }
  }

  #writeText(text: string): void {
    const length = Buffer.byteLength(text);
    this.#writeHead(length, TEXT);
    this.#reserve(length);
    this.length += this.bytes.write(text, this.length);
  }

  #writeHead(number: number, kind: number): void {
    let rest = (number << 2) | kind;
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  #reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(2 * (this.length + more));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
  }
}

/** Reads what a {@link PackedWriter} with the same table put, in the same order. */
export class PackedReader {
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  readonly #texts: TextTable;

  constructor(texts: TextTable) {
    this.#texts = texts;
  }

  /** Goes to where something begins. */
  moveTo(bytes: Buffer, at: number): void {
    this.#bytes = bytes;
    this.#at = at;
  }

  read(): number | string {
    let byte = this.#bytes[this.#at++]!;
    let head = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = this.#bytes[this.#at++]!;
      head |= (byte & 127) << shift;
    }
    const number = head >> 2;
    const start = this.#at;
    switch (head & 3) {
      case SMALL:
        return number;
      case KNOWN:
        return this.#texts.toText(number);
      case TEXT:
        this.#at += number;
        return this.#bytes.toString('utf8', start, this.#at);
      default:
        this.#at += 8;
        return this.#bytes.readDoubleLE(start);
    }
  }

  /** What was put there is a number. */
  readNumber(): number {
    return this.read() as number;
  }

  /** What was put there is a text. */
  readText(): string {
    return this.read() as string;
  }
}
