import { Cursor, windowFor } from './cursor.ts';
import { DirectoryWriter, type Directory, type Segment } from './directory.ts';
import { MergedCursor } from './merged-cursor.ts';
import { recordLength } from './record.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes collected before they are written. */
const OUTPUT_BYTES = 256 * 1024;

/** Merges runs, oldest first, into one at the end of the file. Their own bytes stay, because other readers may be using them. */
export function mergeRuns(file: TemporaryFile, runs: readonly Directory[]): Directory {
  const window = windowFor(runs.length);
  let sources = runs.map((run, age) => new RunReader(file, run, window, age));
  const directory = new DirectoryWriter(file);
  const out = new Appender(file);
  for (;;) {
    const lane = sources.reduce((least, source) => Math.min(least, source.lane), NO_LANE);
    if (lane === NO_LANE) break;
    const first = out.length;
    const those = sources.filter((source) => source.lane === lane);
    const merged = new MergedCursor(those.map(({ cursor }) => cursor));
    for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next())
      out.write(cursor.bytes, cursor.at, recordLength(cursor.bytes, cursor.at));
    directory.add(lane, first, out.length);
    for (const source of those) source.nextLane();
    // Releases the windows of runs at their end.
    sources = sources.filter((source) => source.lane !== NO_LANE);
  }
  out.flush();
  return directory.write();
}

const NO_LANE = Infinity;

/** Reads a run lane by lane. */
class RunReader {
  /** Reads the records of the current lane. */
  readonly cursor: Cursor;
  lane = NO_LANE;
  readonly #lanes: Iterator<readonly [lane: number, Segment]>;

  constructor(file: TemporaryFile, run: Directory, window: number, age: number) {
    this.cursor = new Cursor(file, run.segment, window, age);
    this.#lanes = run.lanes();
    this.nextLane();
  }

  nextLane(): void {
    const { value } = this.#lanes.next() as { readonly value?: readonly [lane: number, Segment] };
    this.lane = value?.[0] ?? NO_LANE;
    if (value !== undefined) this.cursor.stopAt(value[1].end);
  }
}

/** Appends to a file in large writes. */
class Appender {
  length = 0;
  readonly #file: TemporaryFile;
  readonly #room: Buffer;
  #filled = 0;

  constructor(file: TemporaryFile) {
    this.#file = file;
    this.#room = file.buffers.outputBuffer(OUTPUT_BYTES);
  }

  write(bytes: Buffer, at: number, length: number): void {
    if (this.#filled + length > this.#room.length) this.flush();
    if (length > this.#room.length) this.#file.append(bytes.subarray(at, at + length));
    else this.#filled += bytes.copy(this.#room, this.#filled, at, at + length);
    this.length += length;
  }

  flush(): void {
    this.#file.append(this.#room.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
