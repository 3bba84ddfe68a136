import { DirectoryWriter } from './directory.ts';
import { mergeRuns } from './merge-runs.ts';
import { compareKeys, maxRecordLength, writeRecord, recordLength, type Bytes } from './record.ts';
import { SortedRuns } from './sorted-runs.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** As many runs are put together into one, so that a reading has hundreds of them before it and not thousands. */
const MAX_UNMERGED_RUNS = 256;

/** What a sorter holds at most. */
export interface Bounds {
  /** Bytes in memory. */
  readonly bytes: number;
  /** Runs that are not put together yet; at least two. */
  readonly runs?: number;
}

/** Records of one lane that are still in memory, by where they begin. */
interface LaneRecords {
  readonly starts: number[];
  /** They were put in in the order of their keys. */
  ordered: boolean;
}

/**
 * Takes records of many lanes: a key, a number and a text each. They gather in memory up to a bound and are then put into a file as a run,
 * sorted by lane and key; once there are many runs they become one. So what is put in is written twice at most, and read in order, in bounded
 * memory. Events mostly come in order, and then nothing is sorted.
 */
export class Sorter {
  readonly #file: TemporaryFile;
  readonly #bytes: Buffer;
  readonly #mostRuns: number;
  #runs: SortedRuns;
  #waiting = new Map<number, LaneRecords>();
  #filled = 0;

  constructor(file: TemporaryFile, { bytes, runs = MAX_UNMERGED_RUNS }: Bounds) {
    this.#file = file;
    this.#bytes = file.buffers.take(bytes);
    this.#mostRuns = runs;
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
    const waiting = this.#waiting.get(lane);
    if (waiting === undefined) {
      this.#waiting.set(lane, { starts: [at], ordered: true });
      return;
    }
    const { starts } = waiting;
    if (waiting.ordered && compareKeys(this.#bytes, starts.at(-1)!, this.#bytes, at) > 0)
      waiting.ordered = false;
    starts.push(at);
  }

  /** All that was put in. What a reading has begun with does not change by what is added later. */
  sorted(): SortedRuns {
    this.#writeRun();
    return this.#runs;
  }

  /** Forgets all that was put in; who has it sorted keeps it. */
  clear(): void {
    this.#runs = new SortedRuns(this.#file);
    this.#forgetWaiting();
  }

  #writeRun(): void {
    if (this.#filled === 0) return;
    const out = this.#file.buffers.outputBuffer(this.#filled);
    const directory = new DirectoryWriter(this.#file);
    let length = 0;
    for (const lane of [...this.#waiting.keys()].sort((a, b) => a - b)) {
      const first = length;
      for (const at of sortedStarts(this.#bytes, this.#waiting.get(lane)!))
        length += this.#bytes.copy(out, length, at, at + recordLength(this.#bytes, at));
      directory.add(lane, first, length);
    }
    this.#file.append(out);
    this.#runs.add(directory.write());
    this.#forgetWaiting();
    this.#mergeMany();
  }

  #forgetWaiting(): void {
    this.#waiting = new Map();
    this.#filled = 0;
  }

  /** A record that does not fit into what is held in memory becomes a run of its own. */
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

  /** Where the medium is full, runs stay as they are: nothing is lost, nor there twice. */
  #mergeMany(): void {
    const { unmerged: fresh } = this.#runs;
    if (fresh.length >= this.#mostRuns) this.#runs.replaceUnmerged(mergeRuns(this.#file, fresh));
  }
}

function sortedStarts(bytes: Buffer, { starts, ordered }: LaneRecords): readonly number[] {
  return ordered ? starts : starts.sort((a, b) => compareKeys(bytes, a, bytes, b));
}
