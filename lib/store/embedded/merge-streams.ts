import { byCodePoint } from '../../model/event/object-view.ts';
import { Heap } from '../../model/heap.ts';
import type { Instant } from '../../model/time.ts';
import type { Statement } from './database.ts';
import type { HeadRow } from './stored-event.ts';

/** Heads of one stream in order. Parameters: stream, storage time and ID of the head to continue after, end of the window, limit. */
export type StreamPage = Statement<HeadRow>;

/** Heads in memory over all streams of a slice, and the bounds of one stream's page. */
const HELD_HEADS = 10_000;
const MIN_PAGE = 16;
const MAX_PAGE = 500;

/**
 * The heads of several streams as one, by storage time, then ID, each event once. Every stream is read page by page from its index and
 * merged here: one statement over all streams would sort every page anew.
 */
export function* mergeStreams(
  streams: readonly number[],
  page: StreamPage,
  from: Instant,
  to: Instant,
): Generator<HeadRow, void, undefined> {
  const size = Math.max(MIN_PAGE, Math.min(MAX_PAGE, Math.floor(HELD_HEADS / Math.max(1, streams.length))));
  const heap = new Heap<StreamCursor>((a, b) => comesBefore(a.head, b.head));
  for (const stream of streams) {
    const cursor = new StreamCursor(page, stream, to, size);
    if (cursor.open(from)) heap.push(cursor);
  }
  let last = -1;
  for (let cursor = heap.first; cursor !== undefined; cursor = heap.first) {
    const head = cursor.head;
    // The heads of an event that is in several streams follow each other.
    if (head[0] !== last) yield head;
    last = head[0];
    if (cursor.advance()) heap.replaceFirst(cursor);
    else heap.removeFirst();
  }
}

/** Reads one stream page by page. */
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

  /** False when nothing lies in the window. */
  open(from: Instant): boolean {
    // No ID is empty, so this starts with the first event at `from`.
    return this.#read(from, '');
  }

  /** False at the end. */
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

function comesBefore(a: HeadRow, b: HeadRow): boolean {
  return a[1] < b[1] || (a[1] === b[1] && byCodePoint(a[2], b[2]) < 0);
}
