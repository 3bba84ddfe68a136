import { PARTS, type Part } from '../model/report.ts';
import { decodeText, encodeText } from '../store/embedded/text.ts';
import type { Cursor } from './sorted/cursor.ts';
import { Largest } from './sorted/largest.ts';
import type { MergedCursor } from './sorted/merged-cursor.ts';
import { PackedReader, PackedWriter } from './packed-values.ts';
import type { EntryPart, EntryPlace, MergeEntries, Place, SourceCount, WrittenEntry } from './port.ts';
import { LaneCache } from './lane-cache.ts';
import type { SortedRuns } from './sorted/sorted-runs.ts';
import { Sorter, type Bounds } from './sorted/sorter.ts';
import { SourceIndex, type Found } from './source-index.ts';
import { SourceSums } from './source-sums.ts';
import type { TemporaryFile } from './sorted/temporary-file.ts';
import { sumByKey } from './sorted/sums.ts';
import { TextTable } from './text-table.ts';

/** Bytes held in memory. */
const CAPACITY = 1024 * 1024;
/** Between class and source in a key: no encoded text has it. */
const END = '\u0000';

/** The entries of a lane, each one whole; they lie in the lanes of the parts. */
interface MergedEntries {
  readonly runs: SortedRuns;
  readonly count: number;
}

/**
 * Entries of a slice: put in in parts, packed, as they come; merged when a lane is first read, and from then on JSON. The key of one is
 * its class and source, its number that of its events. Each part of a lane is a lane of the sorter.
 */
export class ScratchEntries {
  readonly #file: TemporaryFile;
  readonly #merge: MergeEntries;
  readonly #writer: PackedWriter;
  readonly #reader: PackedReader;
  readonly #partial: Sorter;
  readonly #whole: Sorter;
  /** lane -> number of parts that were put in */
  readonly #partials = new Map<number, number>();
  readonly #made = new LaneCache<MergedEntries>();
  #index: SourceIndex | undefined;
  #sources: SourceSums | undefined;

  constructor(file: TemporaryFile, merge: MergeEntries, bounds: Bounds = { bytes: CAPACITY }) {
    this.#file = file;
    this.#merge = merge;
    const texts = new TextTable();
    this.#writer = new PackedWriter(texts);
    this.#reader = new PackedReader(texts);
    this.#partial = new Sorter(file, bounds);
    this.#whole = new Sorter(file, bounds);
  }

  add(lane: number, { part, class: eventClass, source }: Place, told: EntryPart): void {
    const key = encodeText(eventClass) + END + encodeText(source);
    this.#writer.clear();
    told.pack(this.#writer, source);
    this.#partial.add(laneOf(lane, part), key, 1, this.#writer);
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
      const { runs } = this.#demand(lane);
      for (const { position, note } of this.#found(lane, source))
        if (isWanted()) yield writtenAt(runs.recordAt(position), note as Part);
    }
  }

  /** Read twice, so that only as many numbers as entries are asked for are held while the largest are looked for. */
  *largest(lane: number, limit: number): Generator<WrittenEntry, void, undefined> {
    const largest = new Largest<number>(limit);
    let count = 0;
    for (const { cursor } of this.#cursors(lane)) {
      const number = count++;
      largest.add(cursor.number, () => number);
    }
    yield* this.all(lane, undefined, new Set(largest.inOrder()));
  }

  count(lane: number): number {
    return this.#demand(lane).count;
  }

  *places(lane: number, source?: string): Generator<EntryPlace, void, undefined> {
    if (source === undefined) {
      for (const { part, cursor } of this.#cursors(lane)) yield placeAt(cursor, part);
    } else {
      const { runs } = this.#demand(lane);
      for (const { position, note } of this.#found(lane, source))
        yield placeAt(runs.recordAt(position), note as Part);
    }
  }

  *keys(lane: number): Generator<{ readonly class: string; readonly source: string }, void, undefined> {
    const { runs } = this.#demand(lane);
    for (const { key } of sumByKey(runs.read(...PARTS.keys()))) yield splitKey(key);
  }

  largestSources(lane: number, limit: number): SourceCount[] {
    return this.#demandSources().largest(lane, limit, this.#version(lane), () => this.places(lane));
  }

  countSources(lane: number): number {
    return this.#demandSources().count(lane, this.#version(lane), () => this.places(lane));
  }

  *#cursors(lane: number): Generator<{ readonly part: Part; readonly cursor: Cursor }, void, undefined> {
    const { runs } = this.#demand(lane);
    for (const [number, part] of PARTS.entries()) {
      const merged = runs.read(number);
      for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) yield { part, cursor };
    }
  }

  #found(lane: number, source: string): Iterable<Found> {
    this.#index ??= new SourceIndex(this.#file);
    return this.#index.find(lane, source, this.#version(lane), (put) => {
      for (const { part, cursor } of this.#cursors(lane)) {
        const { class: eventClass, source: its } = splitKey(cursor.key);
        put(its, `${PARTS.indexOf(part)}${encodeText(eventClass)}`, cursor.position, part);
      }
    });
  }

  #demandSources(): SourceSums {
    return (this.#sources ??= new SourceSums(this.#file));
  }

  /** Of what is in the lane. */
  #version(lane: number): number {
    return this.#partials.get(lane) ?? 0;
  }

  /** Makes the lane's entries whole, unless that was done since the last part was put in. */
  #demand(lane: number): MergedEntries {
    return this.#made.get(lane, this.#version(lane), () => {
      this.#whole.clear();
      let count = 0;
      for (const [number, part] of PARTS.entries()) {
        const merged = this.#partial.sorted().read(laneOf(lane, part));
        let cursor = merged.next();
        while (cursor !== undefined) {
          const { key } = cursor;
          const { events, json } = this.#merge(this.#sameKey(merged, cursor));
          this.#whole.add(number, key, events, json);
          count++;
          cursor = merged.current;
        }
      }
      return { runs: this.#whole.sorted(), count };
    });
  }

  /** What the record there and those after it with the same key hold. Behind them the reading of `merged` goes on. */
  *#sameKey(merged: MergedCursor, first: Cursor): Generator<PackedReader, void, undefined> {
    let cursor: Cursor | undefined = first;
    do {
      this.#reader.moveTo(cursor.bytes, cursor.textAt);
      yield this.#reader;
      cursor = merged.next();
    } while (cursor !== undefined && !merged.isNew);
  }
}

function laneOf(lane: number, part: Part): number {
  return PARTS.length * lane + PARTS.indexOf(part);
}

function placeAt({ key, number }: Cursor, part: Part): EntryPlace {
  return { part, ...splitKey(key), events: number };
}

function writtenAt({ key, number, text }: Cursor, part: Part): WrittenEntry {
  return { part, ...splitKey(key), events: number, json: text };
}

/** Takes a key apart. */
function splitKey(key: string): { readonly class: string; readonly source: string } {
  const end = key.indexOf(END);
  return { class: decodeText(key.slice(0, end)), source: decodeText(key.slice(end + 1)) };
}
