import { Heap } from '../../model/heap.ts';
import type { Cursor } from './cursor.ts';
import { compareKeys, HEAD } from './record.ts';

/** Reads several cursors as one, by key; records with equal keys come in the order of their runs. */
export class MergedCursor {
  readonly #heap = new Heap<Cursor>(isBefore);
  #started = false;
  /** True when the current record has another key than the record before it. */
  isNew = false;
  #key = Buffer.alloc(64);
  #keyLength = -1;

  constructor(cursors: Iterable<Cursor>) {
    for (const cursor of cursors) if (cursor.next()) this.#heap.push(cursor);
  }

  /** The cursor that stands at the next record, valid until the next call; undefined after the last record. */
  next(): Cursor | undefined {
    const { first } = this.#heap;
    if (this.#started && first !== undefined) {
      if (first.next()) this.#heap.replaceFirst(first);
      else this.#heap.removeFirst();
    }
    this.#started = true;
    const { current } = this;
    if (current !== undefined) this.#compareToLastKey(current.bytes, current.at);
    return current;
  }

  /** The cursor that {@link next} returned last. */
  get current(): Cursor | undefined {
    return this.#heap.first;
  }

  #compareToLastKey(bytes: Buffer, at: number): void {
    const length = bytes.readUInt32LE(at);
    const start = at + HEAD;
    this.isNew =
      length !== this.#keyLength || bytes.compare(this.#key, 0, length, start, start + length) !== 0;
    if (!this.isNew) return;
    if (length > this.#key.length) this.#key = Buffer.alloc(2 * length);
    this.#keyLength = bytes.copy(this.#key, 0, start, start + length);
  }
}

function isBefore(a: Cursor, b: Cursor): boolean {
  const difference = compareKeys(a.bytes, a.at, b.bytes, b.at);
  return difference < 0 || (difference === 0 && a.age < b.age);
}
