import type { HeldKey } from './pending-rows.ts';

/** One event that was suppressed under one key. */
export interface HeldEntry {
  /** Index of the key in the part's `keys`. */
  readonly key: number;
  readonly id: string;
}

/** Bytes to begin with: a lane that keeps little quiet needs no more, and one with a full part has them doubled four times. */
const FIRST_BYTES = 16_384;
/** Upper bound of a key's index and an ID's length. */
const HEAD_BYTES = 6;

/**
 * Collects the entries of one held part, packed into about 40 bytes each: the key's index as a LEB128 number, the length of the ID as a byte,
 * and the ID.
 */
export class HeldEntries {
  readonly keys: HeldKey[] = [];
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds a new key and returns its index. */
  addKey(eventClass: string, source: string): number {
    return this.keys.push({ class: eventClass, source }) - 1;
  }

  add(key: number, id: string): void {
    this.#reserve(HEAD_BYTES + id.length);
    const bytes = this.#bytes;
    let at = this.#length;
    let rest = key;
    for (; rest > 127; rest >>>= 7) bytes[at++] = (rest & 127) | 128;
    bytes[at++] = rest;
    bytes[at++] = id.length;
    // Saves 4 % of the time of all stages over Buffer.write.
    for (let i = 0; i < id.length; i++) bytes[at++] = id.charCodeAt(i);
    this.#length = at;
    this.#count++;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** The entries of a packed part, in the order they were added. IDs are ASCII. */
export function* unpackHeld(packed: Uint8Array): Generator<HeldEntry> {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let at = 0; at < bytes.length;) {
    let key = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = bytes[at++]!;
      key |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    const length = bytes[at++]!;
    yield { key, id: bytes.toString('latin1', at, at + length) };
    at += length;
  }
}
