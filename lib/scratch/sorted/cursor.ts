import type { Segment } from './directory.ts';
import { HEAD, recordLength } from './record.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes that the cursors of one reading hold together, and that one of them holds. */
const ALL_WINDOWS = 2 * 1024 * 1024;
const MAX_WINDOW = 128 * 1024;

/** The window of each of so many cursors that are read together. */
export function windowFor(cursors: number): number {
  return Math.min(MAX_WINDOW, Math.floor(ALL_WINDOWS / cursors));
}

/** Reads the records of one segment in their order, with one window of bytes, or one larger record, in memory. */
export class Cursor {
  /** The current record lies in these bytes from `at` on, until `next` is called. */
  bytes = Buffer.alloc(0);
  at = 0;
  /** Of records with equal keys those of the lower age come first. */
  readonly age: number;
  readonly #file: TemporaryFile;
  readonly #window: number;
  readonly #end: number;
  /** Position of the bytes in the file, and how many of them are valid. */
  #start: number;
  #filled = 0;
  #next = 0;
  #stop: number;

  /** @param window bytes to read at a time */
  constructor(file: TemporaryFile, { start, end }: Segment, window: number, age = 0) {
    this.#file = file;
    this.#window = window;
    this.#start = start;
    this.#end = end;
    this.#stop = end;
    this.age = age;
  }

  /** Makes `next` return false at this position, which must not lie behind the end of the segment. */
  stopAt(position: number): void {
    this.#stop = position;
  }

  /** Moves to the next record; false after the last one. */
  next(): boolean {
    this.at = this.#next;
    if (this.#start + this.at >= this.#stop) return false;
    this.#load(HEAD);
    const length = recordLength(this.bytes, this.at);
    this.#load(length);
    this.#next = this.at + length;
    return true;
  }

  get number(): number {
    return this.bytes.readDoubleLE(this.at + 8);
  }

  get key(): string {
    const start = this.at + HEAD;
    return this.bytes.toString('utf8', start, start + this.bytes.readUInt32LE(this.at));
  }

  get text(): string {
    return this.bytes.toString('utf8', this.textAt, this.#next);
  }

  /** Start of the current record's text, or of the bytes it holds instead. */
  get textAt(): number {
    return this.at + HEAD + this.bytes.readUInt32LE(this.at);
  }

  /** Position of the current record in the file. */
  get position(): number {
    return this.#start + this.at;
  }

  /** Reads the first `length` bytes of the current record into memory. */
  #load(length: number): void {
    if (this.at + length <= this.#filled) return;
    const kept = this.bytes.subarray(this.at, this.#filled);
    this.#start += this.at;
    this.at = 0;
    const size = Math.min(this.#end - this.#start, Math.max(length, this.#window));
    const holdsTooMuch = this.bytes.length > Math.max(size, this.#window);
    if (size > this.bytes.length || holdsTooMuch) {
      const bytes = Buffer.allocUnsafeSlow(size);
      bytes.set(kept);
      this.bytes = bytes;
    } else this.bytes.set(kept);
    this.#filled =
      kept.length + this.#file.read(this.bytes.subarray(kept.length, size), this.#start + kept.length);
  }
}
