import { PARTS, type Entry, type Part, type PlacedEntry } from '../model/report.ts';
import { decodeText, encodeText } from '../store/embedded/text.ts';
import { Largest } from './largest.ts';
import type { EntryPlace, MergeEntries, SourceCount } from './port.ts';
import { SortedRuns } from './sorted-runs.ts';
import { SourceIndex } from './source-index.ts';
import { SourceSums } from './source-sums.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** Bytes held in memory. */
const CAPACITY = 8 * 1024 * 1024;
/** Partial entries of one place that are merged at once: each merge costs as much as what comes of it. */
const PARTIALS = 64;
/** Between class and source in a key: no encoded text has it. */
const END = '\u0000';

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

  add(lane: number, { part, class: eventClass, source, entry }: PlacedEntry): void {
    const key = encodeText(eventClass) + END + encodeText(source);
    this.#runs.add(laneOf(lane, part), key, entry.event_count, JSON.stringify(entry));
    this.#sizes.set(lane, this.#size(lane) + 1);
  }

  all(lane: number, source?: string): Generator<PlacedEntry, void, undefined> {
    return source === undefined ? this.#merged(lane, () => true) : this.#ofSource(lane, source);
  }

  /** Read twice, so that only as many numbers as entries are asked for are held while the largest are looked for. */
  *largest(lane: number, limit: number): Generator<PlacedEntry, void, undefined> {
    const largest = new Largest<number>(limit);
    let number = 0;
    for (const { sum } of this.#sums(lane)) {
      const turn = number++;
      largest.offer(sum, () => turn);
    }
    const chosen = new Set(largest.inTurn());
    yield* this.#merged(lane, (turn) => chosen.has(turn));
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
    for (const { entry, ...place } of this.#ofSource(lane, wanted))
      yield { ...place, events: entry.event_count };
  }

  *#sums(lane: number): Generator<{ readonly part: Part; readonly key: string; readonly sum: number }> {
    for (const part of PARTS)
      for (const { key, sum } of this.#runs.sums(laneOf(lane, part))) yield { part, key, sum };
  }

  /** Makes one entry of the partial ones of each place that is wanted: places are numbered in their order. */
  *#merged(lane: number, wanted: (turn: number) => boolean): Generator<PlacedEntry, void, undefined> {
    let turn = -1;
    for (const part of PARTS) {
      const split = splitter();
      const merger = new Merger(this.#merge);
      const merged = this.#runs.read(laneOf(lane, part));
      for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
        if (merged.isNew) {
          turn++;
          const done = merger.take();
          if (done !== undefined) yield done;
        }
        if (wanted(turn)) merger.add({ part, ...split(cursor.key), entry: JSON.parse(cursor.text) as Entry });
      }
      const last = merger.take();
      if (last !== undefined) yield last;
    }
  }

  *#ofSource(lane: number, wanted: string): Generator<PlacedEntry, void, undefined> {
    this.#index ??= new SourceIndex(this.#file);
    const found = this.#index.find(lane, wanted, this.#size(lane), (put) => {
      for (const part of PARTS) {
        const split = splitter();
        const merged = this.#runs.read(laneOf(lane, part));
        for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
          const place = split(cursor.key);
          put(place.source, `${PARTS.indexOf(part)}${encodeText(place.class)}`, cursor.position, part);
        }
      }
    });
    const merger = new Merger(this.#merge);
    for (const { position, note } of found) {
      const { key, text } = this.#runs.at(position);
      const placed = { part: note as Part, ...splitter()(key), entry: JSON.parse(text) as Entry };
      if (!merger.goesWith(placed)) {
        const done = merger.take();
        if (done !== undefined) yield done;
      }
      merger.add(placed);
    }
    const last = merger.take();
    if (last !== undefined) yield last;
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
  #found: PlacedEntry[] = [];

  constructor(merge: MergeEntries) {
    this.#merge = merge;
  }

  goesWith({ part, class: eventClass }: PlacedEntry): boolean {
    const [first] = this.#found;
    return first?.part === part && first.class === eventClass;
  }

  add(placed: PlacedEntry): void {
    if (this.#found.length === PARTIALS) this.#found = [this.#one()!];
    this.#found.push(placed);
  }

  /** What was added since the last time, as one. */
  take(): PlacedEntry | undefined {
    const one = this.#one();
    this.#found = [];
    return one;
  }

  #one(): PlacedEntry | undefined {
    const [first, ...more] = this.#found;
    return first === undefined || more.length === 0 ? first : this.#merge(first, ...more);
  }
}

function laneOf(lane: number, part: Part): number {
  return PARTS.length * lane + PARTS.indexOf(part);
}

/** Takes keys apart; one that follows another mostly has the same class. */
function splitter(): (key: string) => { readonly class: string; readonly source: string } {
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
