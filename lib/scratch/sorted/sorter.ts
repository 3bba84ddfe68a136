import { DirectoryWriter } from './directory.ts';
import { mergeRuns } from './merge-runs.ts';
import { compareKeys, maxRecordLength, writeRecord, recordLength, type Bytes } from './record.ts';
import { SortedRuns } from './sorted-runs.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** So many runs are merged into one: a reading opens a cursor for each. */
const MAX_UNMERGED_RUNS = 256;

/** Bounds of a sorter. */
export interface Bounds {
  /** Bytes in memory. */
  readonly bytes: number;
  /** Unmerged runs; at least two. */
  readonly runs?: number;
}

/**
 * An external merge sort of records by lane and key. Records are collected in memory up to a bound and then written to the file as a sorted
 * run; many runs are merged into one, so each record is written twice at most and read in order with bounded memory.
 */
export class Sorter {
  readonly #file: TemporaryFile;
  readonly #bytes: Buffer;
  readonly #maxRuns: number;
  #runs: SortedRuns;
  /** Start of each record that is still in memory, by lane. */
  readonly #starts = new Map<number, number[]>();
  #filled = 0;

  constructor(file: TemporaryFile, { bytes, runs = MAX_UNMERGED_RUNS }: Bounds) {
    this.#file = file;
    this.#bytes = file.buffers.take(bytes);
    this.#maxRuns = runs;
    this.#runs = new SortedRuns(file);
  }

  /** @param lane less than 2^32 */
  add(lane: number, key: string, number: number, text: string | Bytes = ''): void {
    const most = maxRecordLength(key, text);
    if (most > this.#bytes.length) {
      this.#addAlone(lane, key, number, text);
      return;
    }
    if (this.#filled + most > this.#bytes.length) this.#writeRun();
    const at = this.#filled;
    this.#filled = writeRecord(this.#bytes, at, key, number, text);
    const starts = this.#starts.get(lane);
    if (starts === undefined) this.#starts.set(lane, [at]);
    else starts.push(at);
  }

  /** All records. A reading does not see what is added after its start. */
  sorted(): SortedRuns {
    this.#writeRun();
    return this.#runs;
  }

  /** Starts anew; results of {@link sorted} stay readable. */
  clear(): void {
    this.#runs = new SortedRuns(this.#file);
    this.#clearMemory();
  }

  #writeRun(): void {
    if (this.#filled === 0) return;
    const out = this.#file.buffers.outputBuffer(this.#filled);
    const directory = new DirectoryWriter(this.#file);
    let length = 0;
    for (const [lane, starts] of [...this.#starts].sort(([a], [b]) => a - b)) {
      const first = length;
      starts.sort((a, b) => compareKeys(this.#bytes, a, this.#bytes, b));
      for (const at of starts)
        length += this.#bytes.copy(out, length, at, at + recordLength(this.#bytes, at));
      directory.add(lane, first, length);
    }
    this.#file.append(out);
    this.#runs.add(directory.write());
    this.#clearMemory();
    this.#mergeMany();
  }

  #clearMemory(): void {
    this.#starts.clear();
    this.#filled = 0;
  }

  /** Writes a record that is larger than the buffer as a run of its own. */
  #addAlone(lane: number, key: string, number: number, text: string | Bytes): void {
    this.#writeRun();
    const record = Buffer.allocUnsafe(maxRecordLength(key, text));
    const directory = new DirectoryWriter(this.#file);
    const length = writeRecord(record, 0, key, number, text);
    this.#file.append(record.subarray(0, length));
    directory.add(lane, 0, length);
    this.#runs.add(directory.write());
    this.#mergeMany();
  }

  /** When the disk is full, the runs stay as they are. */
  #mergeMany(): void {
    const { unmerged } = this.#runs;
    if (unmerged.length >= this.#maxRuns) this.#runs.replaceUnmerged(mergeRuns(this.#file, unmerged));
  }
}
