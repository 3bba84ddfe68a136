/** Entries beyond which everything is forgotten: a table for the few values that most events share, not for hostile variety. */
const LIMIT = 4096;
const BUCKETS = 1024;
/** Longer values, in bytes, are read anew each time. */
const LONGEST = 512;

interface Entry<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
  readonly next: Entry<T> | undefined;
}

/** Values that were read from bytes once, found again by those bytes, so that what thousands of events share is one object. */
export class ValueCache<T> {
  readonly #buckets: (Entry<T> | undefined)[] = new Array<Entry<T> | undefined>(BUCKETS).fill(undefined);
  #count = 0;

  /** What `read` made of the same bytes the first time. */
  get(bytes: Uint8Array, start: number, end: number, read: () => T): T {
    if (end - start > LONGEST) return read();
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    const bucket = (hash ^ (hash >>> 15)) & (BUCKETS - 1);
    for (let entry = this.#buckets[bucket]; entry !== undefined; entry = entry.next) {
      if (equal(entry.bytes, bytes, start, end)) return entry.value;
    }
    const value = read();
    if (this.#count >= LIMIT) this.#forget();
    this.#count++;
    this.#buckets[bucket] = { bytes: copy(bytes, start, end), value, next: this.#buckets[bucket] };
    return value;
  }

  #forget(): void {
    this.#buckets.fill(undefined);
    this.#count = 0;
  }
}

/** Never a part of the bytes that came, which may belong to a whole batch. */
function copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(start, end));
}

function equal(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
