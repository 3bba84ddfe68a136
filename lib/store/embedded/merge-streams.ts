import { byCodePoint } from '../../model/event/object-view.ts';
import type { Instant } from '../../model/time.ts';
import type { Statement } from './database.ts';
import type { HeadRow } from './stored-event.ts';

/** Heads of one stream in order: parameters stream, storage time and ID to go on after, end of the window, limit. */
export type StreamPage = Statement<HeadRow>;

/** Heads held at a time, over all streams of a slice, and the bounds of one stream's share. */
const HELD_HEADS = 10_000;
const MIN_PAGE = 16;
const MAX_PAGE = 500;

/**
 * The heads of several streams as one, by storage time, then ID, each event once. Every stream is read by pages off its index and the
 * pages are merged here, so that nothing is ever sorted, an empty stream costs one look-up, and memory depends on neither the window
 * nor how dense it is.
 */
export function* mergeStreams(
  streams: readonly number[],
  page: StreamPage,
  from: Instant,
  to: Instant,
): Generator<HeadRow, void, undefined> {
  const size = Math.max(MIN_PAGE, Math.min(MAX_PAGE, Math.floor(HELD_HEADS / Math.max(1, streams.length))));
  const heap = new StreamHeap();
  for (const stream of streams) {
    const cursor = new StreamCursor(page, stream, to, size);
    if (cursor.open(from)) heap.push(cursor);
  }
  let last = -1;
  for (let cursor = heap.first; cursor !== undefined; cursor = heap.first) {
    const head = cursor.head;
    // Copies of one event follow each other: they have the same time and ID.
    if (head[0] !== last) yield head;
    last = head[0];
    if (cursor.advance()) heap.siftDown();
    else heap.dropFirst();
  }
}

/** Walks one stream of events. */
class StreamCursor {
  readonly #page: StreamPage;
  readonly #stream: number;
  readonly #to: Instant;
  readonly #size: number;
  #rows: readonly HeadRow[] = [];
  #at = 0;

  constructor(page: StreamPage, stream: number, to: Instant, size: number) {
    this.#page = page;
    this.#stream = stream;
    this.#to = to;
    this.#size = size;
  }

  get head(): HeadRow {
    return this.#rows[this.#at]!;
  }

  /** False when there is nothing in the window. */
  open(from: Instant): boolean {
    // No ID is empty, so that this begins with the first event at `from`.
    return this.#read(from, '');
  }

  /** False when there is nothing more. */
  advance(): boolean {
    if (++this.#at < this.#rows.length) return true;
    if (this.#rows.length < this.#size) return false;
    const [, storageTime, id] = this.#rows.at(-1)!;
    return this.#read(storageTime, id);
  }

  #read(storageTime: Instant, id: string): boolean {
    this.#rows = this.#page.all(this.#stream, storageTime, id, this.#to, this.#size);
    this.#at = 0;
    return this.#rows.length > 0;
  }
}

/** Cursors with the one whose head comes next at the root: a binary heap. */
class StreamHeap {
  readonly #cursors: StreamCursor[] = [];

  get first(): StreamCursor | undefined {
    return this.#cursors[0];
  }

  push(cursor: StreamCursor): void {
    const cursors = this.#cursors;
    let at = cursors.push(cursor) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!comesBefore(cursor.head, cursors[parent]!.head)) break;
      cursors[at] = cursors[parent]!;
      at = parent;
    }
    cursors[at] = cursor;
  }

  dropFirst(): void {
    const last = this.#cursors.pop()!;
    if (this.#cursors.length === 0) return;
    this.#cursors[0] = last;
    this.siftDown();
  }

  /** Puts the first cursor, which has moved on, into its place. */
  siftDown(): void {
    const cursors = this.#cursors;
    const cursor = cursors[0]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= cursors.length) break;
      if (child + 1 < cursors.length && comesBefore(cursors[child + 1]!.head, cursors[child]!.head)) child++;
      if (!comesBefore(cursors[child]!.head, cursor.head)) break;
      cursors[at] = cursors[child]!;
      at = child;
    }
    cursors[at] = cursor;
  }
}

function comesBefore(a: HeadRow, b: HeadRow): boolean {
  return a[1] < b[1] || (a[1] === b[1] && byCodePoint(a[2], b[2]) < 0);
}
