import type { Segment } from './directory.ts';
import { HEAD, recordLength } from './record.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Reads the records of one segment one after the other, with no more of them in memory than a window holds, or one. */
export class Cursor {
  /** The current record lies in these bytes, from `at` on, until the next one is asked for. */
  bytes = Buffer.alloc(0);
  at = 0;
  /** Those that were begun later come later among equals. */
  readonly age: number;
  readonly #file: TemporaryFile;
  readonly #window: number;
  readonly #end: number;
  /** Where in the file the bytes come from, and how many of them are good. */
  #start: number;
  #filled = 0;
  #next = 0;
  #stop: number;

  /** @param window bytes to read at once */
  constructor(file: TemporaryFile, { start, end }: Segment, window: number, age = 0) {
    this.#file = file;
    this.#window = window;
    this.#start = start;
    this.#end = end;
    this.#stop = end;
    this.age = age;
  }

  /** Makes `next` return false there, until it is called again with a later position; never one behind the segment's end. */
  stopAt(position: number): void {
    this.#stop = position;
  }

  /** Goes on to the next record; false after the last one. */
  next(): boolean {
    this.at = this.#next;
    if (this.#start + this.at >= this.#stop) return false;
    this.#demand(HEAD);
    const length = recordLength(this.bytes, this.at);
    this.#demand(length);
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

  /** Where the text of the current record, or what it holds instead, begins in the bytes. */
  get textAt(): number {
    return this.at + HEAD + this.bytes.readUInt32LE(this.at);
  }

  /** Where the current record lies in the file. */
  get position(): number {
    return this.#start + this.at;
  }

  /** Brings the first `length` bytes of the current record into memory. */
  #demand(length: number): void {
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
