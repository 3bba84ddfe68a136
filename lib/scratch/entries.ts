import { PARTS, type Part } from '../model/report.ts';
import { decodeText, encodeText } from '../store/embedded/text.ts';
import type { Cursor } from './cursor.ts';
import { Largest } from './largest.ts';
import type { EntryPlace, MergeEntries, SourceCount, WrittenEntry } from './port.ts';
import { SortedRuns } from './sorted-runs.ts';
import { SourceIndex, type Found } from './source-index.ts';
import { SourceSums } from './source-sums.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes held in memory. */
const CAPACITY = 4 * 1024 * 1024;
/** Partial entries of one place that are merged at once: each merge costs as much as what comes of it. */
const PARTIALS = 64;
/** Between class and source in a key: no encoded text has it. */
const END = '\u0000';
/** What the text of a record begins with; the JSON of the entry follows. */
const FINISHED = '+';
const PARTIAL = '-';

/** An entry as a record. */
interface EntryRecord {
  readonly key: string;
  readonly events: number;
  readonly text: string;
}

/** The entries of a lane, each one whole. */
interface Whole {
  /** Number of partial entries they were made of. */
  readonly partials: number;
  /** Where they lie: each part is a lane of the runs. */
  readonly number: number;
  readonly count: number;
}

/**
 * Entries of a slice: put in as partial ones, as they come; merged, once, when a lane is first read. The key of one is its class and source, its
 * number that of its events. Each part of a lane is a lane of the runs.
 */
export class ScratchEntries {
  readonly #file: TemporaryFile;
  readonly #merge: MergeEntries;
  readonly #partial: SortedRuns;
  readonly #whole: SortedRuns;
  readonly #partials = new Map<number, number>();
  readonly #made = new Map<number, Whole>();
  #count = 0;
  #index: SourceIndex | undefined;
  #sources: SourceSums | undefined;

  constructor(file: TemporaryFile, merge: MergeEntries, capacity = CAPACITY) {
    this.#file = file;
    this.#merge = merge;
    this.#partial = new SortedRuns(file, capacity);
    this.#whole = new SortedRuns(file, capacity);
  }

  add(lane: number, { part, class: eventClass, source, events, json, isFinished }: WrittenEntry): void {
    const key = encodeText(eventClass) + END + encodeText(source);
    this.#partial.add(laneOf(lane, part), key, events, textOf(json, isFinished));
    this.#partials.set(lane, (this.#partials.get(lane) ?? 0) + 1);
  }

  *all(
    lane: number,
    source?: string,
    numbers?: ReadonlySet<number>,
  ): Generator<WrittenEntry, void, undefined> {
    let number = 0;
    const isWanted = (): boolean => numbers?.has(number++) ?? true;
    if (source === undefined) {
      for (const { part, cursor } of this.#cursors(lane)) if (isWanted()) yield writtenAt(cursor, part);
    } else {
      for (const { position, note } of this.#found(lane, source))
        if (isWanted()) yield writtenAt(this.#whole.at(position), note as Part);
    }
  }

  /** Read twice, so that only as many numbers as entries are asked for are held while the largest are looked for. */
  *largest(lane: number, limit: number): Generator<WrittenEntry, void, undefined> {
    const largest = new Largest<number>(limit);
    let count = 0;
    for (const { cursor } of this.#cursors(lane)) {
      const number = count++;
      largest.offer(cursor.number, () => number);
    }
    yield* this.all(lane, undefined, new Set(largest.inTurn()));
  }

  count(lane: number): number {
    return this.#demand(lane).count;
  }

  *places(lane: number, source?: string): Generator<EntryPlace, void, undefined> {
    if (source === undefined) {
      for (const { part, cursor } of this.#cursors(lane)) yield placeAt(cursor, part);
    } else {
      for (const { position, note } of this.#found(lane, source))
        yield placeAt(this.#whole.at(position), note as Part);
    }
  }

  *keys(lane: number): Generator<{ readonly class: string; readonly source: string }, void, undefined> {
    const { number } = this.#demand(lane);
    for (const { key } of this.#whole.sums(...PARTS.map((part) => laneOf(number, part)))) yield split(key);
  }

  largestSources(lane: number, limit: number): SourceCount[] {
    const { number } = this.#demand(lane);
    return this.#demandSources().largest(lane, limit, number, () => this.places(lane));
  }

  countSources(lane: number): number {
    const { number } = this.#demand(lane);
    return this.#demandSources().count(lane, number, () => this.places(lane));
  }

  *#cursors(lane: number): Generator<{ readonly part: Part; readonly cursor: Cursor }, void, undefined> {
    const { number } = this.#demand(lane);
    for (const part of PARTS) {
      const merged = this.#whole.read(laneOf(number, part));
      for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) yield { part, cursor };
    }
  }

  #found(lane: number, source: string): Iterable<Found> {
    const { number } = this.#demand(lane);
    this.#index ??= new SourceIndex(this.#file);
    return this.#index.find(lane, source, number, (put) => {
      for (const { part, cursor } of this.#cursors(lane)) {
        const { class: eventClass, source: its } = split(cursor.key);
        put(its, `${PARTS.indexOf(part)}${encodeText(eventClass)}`, cursor.position, part);
      }
    });
  }

  #demandSources(): SourceSums {
    return (this.#sources ??= new SourceSums(this.#file));
  }

  /** Makes the lane's entries whole, unless that was done since the last partial one was put in. */
  #demand(lane: number): Whole {
    const partials = this.#partials.get(lane) ?? 0;
    const before = this.#made.get(lane);
    if (before?.partials === partials) return before;
    const number = this.#count++;
    let count = 0;
    for (const part of PARTS) {
      for (const { key, events, text } of this.#merged(lane, part)) {
        this.#whole.add(laneOf(number, part), key, events, text);
        count++;
      }
    }
    const made = { partials, number, count };
    this.#made.set(lane, made);
    return made;
  }

  *#merged(lane: number, part: Part): Generator<EntryRecord, void, undefined> {
    const merged = this.#partial.read(laneOf(lane, part));
    let found: EntryRecord[] = [];
    for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
      if (merged.isNew) {
        if (found.length > 0) yield this.#one(found);
        found = [];
      } else if (found.length === PARTIALS) found = [this.#one(found)];
      const { key, number: events, text } = cursor;
      found.push({ key, events, text });
    }
    if (found.length > 0) yield this.#one(found);
  }

  #one(found: readonly EntryRecord[]): EntryRecord {
    const [first] = found as [EntryRecord];
    if (found.length === 1) return first;
    const { events, json, isFinished } = this.#merge(found.map(({ text }) => text.slice(1)));
    return { key: first.key, events, text: textOf(json, isFinished) };
  }
}

function textOf(json: string, isFinished: boolean): string {
  return (isFinished ? FINISHED : PARTIAL) + json;
}

function laneOf(lane: number, part: Part): number {
  return PARTS.length * lane + PARTS.indexOf(part);
}

function placeAt({ key, number }: Cursor, part: Part): EntryPlace {
  return { part, ...split(key), events: number };
}

function writtenAt({ key, number, text }: Cursor, part: Part): WrittenEntry {
  return { part, ...split(key), events: number, json: text.slice(1), isFinished: text.startsWith(FINISHED) };
}

/** Takes a key apart. */
function split(key: string): { readonly class: string; readonly source: string } {
  const end = key.indexOf(END);
  return { class: decodeText(key.slice(0, end)), source: decodeText(key.slice(end + 1)) };
}
