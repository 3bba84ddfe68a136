import type { Cursor } from './cursor.ts';
import { compareKeys, HEAD } from './record.ts';

/** Reads several cursors as one, in the order of keys, and of equal keys in the order in which they were put in. */
export class MergedCursor {
  /** A heap: the cursor with the smallest record comes first, and none before the two at 2 i + 1 and 2 i + 2. */
  readonly #heap: Cursor[] = [];
  #begun = false;
  /** Whether the key is another than that of the record before. */
  isNew = false;
  #key = Buffer.alloc(64);
  #keyLength = -1;

  constructor(cursors: Iterable<Cursor>) {
    for (const cursor of cursors) if (cursor.next()) this.#heap.push(cursor);
    for (let i = this.#heap.length >> 1; i >= 0; i--) this.#sink(i);
  }

  /** The cursor that stands at the next record, to be looked at until this is called again; undefined after the last one. */
  next(): Cursor | undefined {
    if (this.#begun) this.#advance();
    this.#begun = true;
    const [cursor] = this.#heap;
    if (cursor !== undefined) this.#lookAtKey(cursor.bytes, cursor.at);
    return cursor;
  }

  /** What the last call of {@link next} returned. */
  get current(): Cursor | undefined {
    return this.#heap[0];
  }

  #lookAtKey(bytes: Buffer, at: number): void {
    const length = bytes.readUInt32LE(at);
    const start = at + HEAD;
    let same = length === this.#keyLength;
    for (let i = length - 1; same && i >= 0; i--) same = bytes[start + i] === this.#key[i];
    this.isNew = !same;
    if (same) return;
    if (length > this.#key.length) this.#key = Buffer.alloc(2 * length);
    this.#keyLength = bytes.copy(this.#key, 0, start, start + length);
  }

  #advance(): void {
    const [first] = this.#heap;
    if (first === undefined) return;
    if (!first.next()) {
      const last = this.#heap.pop()!;
      if (this.#heap.length === 0) return;
      this.#heap[0] = last;
    }
    if (this.#heap.length > 1) this.#sink(0);
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const sinking = heap[from];
    if (sinking === undefined) return;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, sinking)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = sinking;
  }
}

function isBefore(a: Cursor, b: Cursor): boolean {
  const difference = compareKeys(a.bytes, a.at, b.bytes, b.at);
  return difference < 0 || (difference === 0 && a.age < b.age);
}
