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

  put(value: number | string): void {
    this.#demand(MOST_BYTES);
    if (typeof value === 'string') {
      const number = this.#texts.numberOf(value);
      if (number === undefined) this.#putText(value);
      else this.#putHead(number, KNOWN);
    } else if (value >= 0 && value < SMALL_END && Number.isInteger(value)) this.#putHead(value, SMALL);
    else {
      this.#putHead(0, DOUBLE);
      this.length = this.bytes.writeDoubleLE(value, this.length);
    }
  }

  #putText(text: string): void {
    const length = Buffer.byteLength(text);
    this.#putHead(length, TEXT);
    this.#demand(length);
    this.length += this.bytes.write(text, this.length);
  }

  #putHead(number: number, kind: number): void {
    let rest = (number << 2) | kind;
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  #demand(more: number): void {
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
  begin(bytes: Buffer, at: number): void {
    this.#bytes = bytes;
    this.#at = at;
  }

  take(): number | string {
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
        return this.#texts.textOf(number);
      case TEXT:
        this.#at += number;
        return this.#bytes.toString('utf8', start, this.#at);
      default:
        this.#at += 8;
        return this.#bytes.readDoubleLE(start);
    }
  }

  /** What was put there is a number. */
  number(): number {
    return this.take() as number;
  }

  /** What was put there is a text. */
  text(): string {
    return this.take() as string;
  }
}
