import { PARTS, type Part } from '../model/report.ts';
import { decodeText, encodeText } from '../store/embedded/text.ts';
import type { Cursor } from './sorted/cursor.ts';
import { Largest } from './sorted/largest.ts';
import type { MergedCursor } from './sorted/merged-cursor.ts';
import { PackedReader, PackedWriter } from './packed-values.ts';
import type { EntryPart, EntryPlace, MergeEntries, Place, SourceCount, WrittenEntry } from './port.ts';
import { LaneCache } from './lane-cache.ts';
import type { SortedRuns } from './sorted/sorted-runs.ts';
import { sorterLane } from './sorter-lane.ts';
import { Sorter, type Bounds } from './sorted/sorter.ts';
import { SourceIndex, type Found } from './source-index.ts';
import { SourceSums } from './source-sums.ts';
import type { TemporaryFile } from './sorted/temporary-file.ts';
import { sumByKey } from './sorted/sums.ts';

/** Bytes in memory. */
const CAPACITY = 1024 * 1024;
/** Separates class and source in a key; encoded texts do not contain it. */
const END = '\u0000';

/** The merged entries of a lane, by part. */
interface MergedEntries {
  readonly runs: SortedRuns;
  readonly count: number;
}

/**
 * Entries of a slice: added as packed partial entries, merged into JSON when a lane is first read. A record's key is the class and source,
 * its number the number of events.
 */
export class ScratchEntries {
  readonly #file: TemporaryFile;
  readonly #merge: MergeEntries;
  readonly #writer: PackedWriter;
  readonly #reader: PackedReader;
  readonly #partial: Sorter;
  readonly #merged: Sorter;
  /** lane -> number of partial entries */
  readonly #counts = new Map<number, number>();
  readonly #mergedLanes = new LaneCache<MergedEntries>();
  #index: SourceIndex | undefined;
  #sources: SourceSums | undefined;

  constructor(file: TemporaryFile, merge: MergeEntries, bounds: Bounds = { bytes: CAPACITY }) {
    this.#file = file;
    this.#merge = merge;
    this.#writer = new PackedWriter();
    this.#reader = new PackedReader();
    this.#partial = new Sorter(file, bounds);
    this.#merged = new Sorter(file, bounds);
  }

  add(lane: number, { part, class: eventClass, source }: Place, entry: EntryPart): void {
    const key = encodeText(eventClass) + END + encodeText(source);
    this.#writer.clear();
    entry.pack(this.#writer, source);
    this.#partial.add(sorterLane(lane, part), key, 1, this.#writer);
    this.#counts.set(lane, (this.#counts.get(lane) ?? 0) + 1);
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
      const { runs } = this.#mergeLane(lane);
      for (const { position, note } of this.#found(lane, source))
        if (isWanted()) yield writtenAt(runs.recordAt(position), note as Part);
    }
  }

  /** Reads twice: the first time only numbers are held, no entries. */
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
    return this.#mergeLane(lane).count;
  }

  *places(lane: number, source?: string): Generator<EntryPlace, void, undefined> {
    if (source === undefined) {
      for (const { part, cursor } of this.#cursors(lane)) yield placeAt(cursor, part);
    } else {
      const { runs } = this.#mergeLane(lane);
      for (const { position, note } of this.#found(lane, source))
        yield placeAt(runs.recordAt(position), note as Part);
    }
  }

  *keys(lane: number): Generator<{ readonly class: string; readonly source: string }, void, undefined> {
    const { runs } = this.#mergeLane(lane);
    for (const { key } of sumByKey(runs.read(...PARTS.keys()))) yield splitKey(key);
  }

  largestSources(lane: number, limit: number): SourceCount[] {
    return this.#openSources().largest(lane, limit, this.#version(lane), () => this.places(lane));
  }

  countSources(lane: number): number {
    return this.#openSources().count(lane, this.#version(lane), () => this.places(lane));
  }

  *#cursors(lane: number): Generator<{ readonly part: Part; readonly cursor: Cursor }, void, undefined> {
    const { runs } = this.#mergeLane(lane);
    for (const [number, part] of PARTS.entries()) {
      const merged = runs.read(number);
      for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) yield { part, cursor };
    }
  }

  #found(lane: number, source: string): Iterable<Found> {
    this.#index ??= new SourceIndex(this.#file);
    return this.#index.find(lane, source, this.#version(lane), (add) => {
      for (const { part, cursor } of this.#cursors(lane)) {
        const { class: eventClass, source: its } = splitKey(cursor.key);
        add(its, `${PARTS.indexOf(part)}${encodeText(eventClass)}`, cursor.position, part);
      }
    });
  }

  #openSources(): SourceSums {
    return (this.#sources ??= new SourceSums(this.#file));
  }

  /** Changes whenever something is added to the lane. */
  #version(lane: number): number {
    return this.#counts.get(lane) ?? 0;
  }

  /** Merges the lane's entries, unless that was done since the last addition. */
  #mergeLane(lane: number): MergedEntries {
    return this.#mergedLanes.get(lane, this.#version(lane), () => {
      this.#merged.clear();
      let count = 0;
      for (const [number, part] of PARTS.entries()) {
        const merged = this.#partial.sorted().read(sorterLane(lane, part));
        let cursor = merged.next();
        while (cursor !== undefined) {
          const { key } = cursor;
          const { events, json } = this.#merge(this.#sameKey(merged, cursor));
          this.#merged.add(number, key, events, json);
          count++;
          cursor = merged.current;
        }
      }
      return { runs: this.#merged.sorted(), count };
    });
  }

  /** The partial entries of this record and of those after it with the same key; leaves `merged` at the next key. */
  *#sameKey(merged: MergedCursor, first: Cursor): Generator<PackedReader, void, undefined> {
    let cursor: Cursor | undefined = first;
    do {
      this.#reader.moveTo(cursor.bytes, cursor.textAt);
      yield this.#reader;
      cursor = merged.next();
    } while (cursor !== undefined && !merged.isNew);
  }
}

function placeAt({ key, number }: Cursor, part: Part): EntryPlace {
  return { part, ...splitKey(key), events: number };
}

function writtenAt({ key, number, text }: Cursor, part: Part): WrittenEntry {
  return { part, ...splitKey(key), events: number, json: text };
}

function splitKey(key: string): { readonly class: string; readonly source: string } {
  const end = key.indexOf(END);
  return { class: decodeText(key.slice(0, end)), source: decodeText(key.slice(end + 1)) };
}
