import { PARTS, type Part } from '../model/report.ts';
import { decodeText, encodeText } from '../store/embedded/text.ts';
import type { Cursor } from './cursor.ts';
import { Largest } from './largest.ts';
import type { EntryPlace, MergeEntries, SourceCount, WrittenEntry } from './port.ts';
import { SortedRuns } from './sorted-runs.ts';
import { SourceIndex, type PutSource } from './source-index.ts';
import { SourceSums } from './source-sums.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes held in memory. */
const CAPACITY = 8 * 1024 * 1024;
/** Partial entries of one place that are merged at once: each merge costs as much as what comes of it. */
const PARTIALS = 64;
/** Between class and source in a key: no encoded text has it. */
const END = '\u0000';
/** What the text of a record begins with; the JSON of the entry follows. */
const FINISHED = '+';
const PARTIAL = '-';

/**
 * Partial entries of a slice: put in as they come, merged when they are read. The key of one is its class and source, its number that of its
 * events. Each part of a lane is a lane of the runs.
 */
export class ScratchEntries {
  readonly #file: TemporaryFile;
  readonly #merge: MergeEntries;
  readonly #runs: SortedRuns;
  readonly #sizes = new Map<number, number>();
  #index: SourceIndex | undefined;
  #sources: SourceSums | undefined;

  constructor(file: TemporaryFile, merge: MergeEntries, capacity = CAPACITY) {
    this.#file = file;
    this.#merge = merge;
    this.#runs = new SortedRuns(file, capacity);
  }

  add(lane: number, { part, class: eventClass, source, events, json, isFinished }: WrittenEntry): void {
    const key = encodeText(eventClass) + END + encodeText(source);
    this.#runs.add(laneOf(lane, part), key, events, (isFinished ? FINISHED : PARTIAL) + json);
    this.#sizes.set(lane, this.#size(lane) + 1);
  }

  all(
    lane: number,
    source?: string,
    numbers?: ReadonlySet<number>,
  ): Generator<WrittenEntry, void, undefined> {
    const wanted = numbers === undefined ? () => true : (number: number) => numbers.has(number);
    return source === undefined ? this.#merged(lane, wanted) : this.#ofSource(lane, source, wanted);
  }

  /** Read twice, so that only as many numbers as entries are asked for are held while the largest are looked for. */
  *largest(lane: number, limit: number): Generator<WrittenEntry, void, undefined> {
    const largest = new Largest<number>(limit);
    let number = 0;
    for (const { sum } of this.#sums(lane)) {
      const turn = number++;
      largest.offer(sum, () => turn);
    }
    const chosen = new Set(largest.inTurn());
    yield* this.#merged(lane, (number) => chosen.has(number));
  }

  count(lane: number): number {
    return PARTS.reduce((count, part) => count + this.#runs.countKeys(laneOf(lane, part)), 0);
  }

  places(lane: number, source?: string): Generator<EntryPlace, void, undefined> {
    return source === undefined ? this.#places(lane) : this.#placesOfSource(lane, source);
  }

  *keys(lane: number): Generator<{ readonly class: string; readonly source: string }, void, undefined> {
    const split = splitter();
    for (const { key } of this.#runs.sums(...PARTS.map((part) => laneOf(lane, part)))) yield split(key);
  }

  largestSources(lane: number, limit: number): SourceCount[] {
    return this.#demandSources().largest(lane, limit, this.#size(lane), () => this.#places(lane));
  }

  countSources(lane: number): number {
    return this.#demandSources().count(lane, this.#size(lane), () => this.#places(lane));
  }

  *#places(lane: number): Generator<EntryPlace, void, undefined> {
    const split = splitter();
    for (const { part, key, sum } of this.#sums(lane)) yield { part, ...split(key), events: sum };
  }

  *#placesOfSource(lane: number, wanted: string): Generator<EntryPlace, void, undefined> {
    for (const { part, class: eventClass, source, events } of this.#ofSource(lane, wanted, () => true))
      yield { part, class: eventClass, source, events };
  }

  *#sums(lane: number): Generator<{ readonly part: Part; readonly key: string; readonly sum: number }> {
    for (const part of PARTS)
      for (const { key, sum } of this.#runs.sums(laneOf(lane, part))) yield { part, key, sum };
  }

  /** Makes one entry of the partial ones of each place that is wanted: places are numbered in their order. */
  *#merged(lane: number, wanted: (number: number) => boolean): Generator<WrittenEntry, void, undefined> {
    let number = -1;
    for (const part of PARTS) {
      const split = splitter();
      const merger = new Merger(this.#merge);
      const merged = this.#runs.read(laneOf(lane, part));
      for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
        if (merged.isNew) {
          number++;
          const done = merger.take();
          if (done !== undefined) yield done;
        }
        if (wanted(number)) merger.add(writtenAt(cursor, part, split));
      }
      const last = merger.take();
      if (last !== undefined) yield last;
    }
  }

  *#ofSource(
    lane: number,
    source: string,
    wanted: (number: number) => boolean,
  ): Generator<WrittenEntry, void, undefined> {
    this.#index ??= new SourceIndex(this.#file);
    const found = this.#index.find(lane, source, this.#size(lane), (put) => this.#indexSources(lane, put));
    const merger = new Merger(this.#merge);
    let number = -1;
    let last: Place | undefined;
    for (const { position, note } of found) {
      const written = writtenAt(this.#runs.at(position), note as Part, splitter());
      if (last?.part !== written.part || last.class !== written.class) {
        number++;
        last = written;
        const done = merger.take();
        if (done !== undefined) yield done;
      }
      if (wanted(number)) merger.add(written);
    }
    const done = merger.take();
    if (done !== undefined) yield done;
  }

  #indexSources(lane: number, put: PutSource): void {
    for (const part of PARTS) {
      const split = splitter();
      const merged = this.#runs.read(laneOf(lane, part));
      for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
        const { class: eventClass, source } = split(cursor.key);
        put(source, `${PARTS.indexOf(part)}${encodeText(eventClass)}`, cursor.position, part);
      }
    }
  }

  #size(lane: number): number {
    return this.#sizes.get(lane) ?? 0;
  }

  #demandSources(): SourceSums {
    return (this.#sources ??= new SourceSums(this.#file));
  }
}

/** Partial entries of one place on their way to becoming one. */
class Merger {
  readonly #merge: MergeEntries;
  #found: WrittenEntry[] = [];

  constructor(merge: MergeEntries) {
    this.#merge = merge;
  }

  add(written: WrittenEntry): void {
    if (this.#found.length === PARTIALS) this.#found = [this.#one()!];
    this.#found.push(written);
  }

  /** What was added since the last time, as one. */
  take(): WrittenEntry | undefined {
    const one = this.#one();
    this.#found = [];
    return one;
  }

  #one(): WrittenEntry | undefined {
    const [first, ...more] = this.#found;
    return first === undefined || more.length === 0 ? first : this.#merge(first, ...more);
  }
}

function laneOf(lane: number, part: Part): number {
  return PARTS.length * lane + PARTS.indexOf(part);
}

type Split = (key: string) => Omit<Place, 'part'>;
type Place = Pick<WrittenEntry, 'part' | 'class' | 'source'>;

function writtenAt({ key, number, text }: Cursor, part: Part, split: Split): WrittenEntry {
  return { part, ...split(key), events: number, json: text.slice(1), isFinished: text.startsWith(FINISHED) };
}

/** Takes keys apart; one that follows another mostly has the same class. */
function splitter(): Split {
  let prefix = END;
  let eventClass = '';
  return (key) => {
    if (!key.startsWith(prefix)) {
      prefix = key.slice(0, key.indexOf(END) + 1);
      eventClass = decodeText(prefix.slice(0, -1));
    }
    return { class: eventClass, source: decodeText(key.slice(prefix.length)) };
  };
}
