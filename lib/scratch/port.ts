import type { Part } from '../model/report.ts';
import type { Instant } from '../model/time.ts';
import type { PackedReader, PackedWriter } from './packed-values.ts';

/** One event that is reported in a lane, with the sources it is reported under. */
export interface ScratchEvent {
  readonly part: Part;
  readonly id: string;
  readonly storageTime: Instant;
  readonly eventClass: string;
  readonly sources: readonly string[];
  /** The whole event as JSON. */
  readonly body: string;
}

/** How often a value of a statistics dimension occurred. */
export interface ValueCount {
  readonly dimension: string;
  readonly value: string;
  readonly count: number;
}

/** Where something stands in the reports of a lane. */
export interface Place {
  readonly part: Part;
  readonly class: string;
  readonly source: string;
}

/** Where an entry stands, and its number of events. */
export interface EntryPlace extends Place {
  readonly events: number;
}

/** What one event adds to the entries of its sources. */
export interface EntryPart {
  /** Puts what it adds to the entry of this source. */
  pack(out: PackedWriter, source: string): void;
}

/** An entry as the scratch hands it on: as JSON, because most are never looked into. */
export interface WrittenEntry extends EntryPlace {
  /** JSON of the entry as a report holds it. */
  readonly json: string;
}

export interface SourceCount {
  readonly source: string;
  /** Events, regular and relapsed together. */
  readonly events: number;
}

/**
 * Where a slice puts what does not fit into memory: events that are reported, and partial results of the aggregation. Lanes are numbers
 * within the slice. Synchronous, because every reported event passes here. Throws a UserError when the medium is full.
 */
export interface Scratch {
  addEvent(lane: number, event: ScratchEvent): void;
  /** Adds a part of the entry of a place; the parts of each place are merged when entries are read. */
  addEntry(lane: number, place: Place, told: EntryPart): void;
  /** Adds partial counts; several of one value are summed when they are read. */
  addCounts(lane: number, counts: Iterable<ValueCount>): void;

  /** Reported events, regular ones first, each part by storage time, then ID. Of one source only, when given. */
  events(lane: number, source?: string): Iterable<ScratchEvent>;
  /**
   * Merged entries, regular ones first, then by class, then source, in code point order. Of one source only, when given; of those, only the ones
   * with these numbers, when given: they count from 0 and are those of `places`.
   */
  entries(lane: number, source?: string, numbers?: ReadonlySet<number>): Iterable<WrittenEntry>;
  /** The `limit` merged entries with most events, then in the order of `entries`; in the order of `entries`. */
  largestEntries(lane: number, limit: number): Iterable<WrittenEntry>;
  /** Number of distinct entries. */
  countEntries(lane: number): number;
  /** How many events each merged entry has, in the order of `entries`: without reading the entries themselves. */
  places(lane: number, source?: string): Iterable<EntryPlace>;
  /** Distinct (class, source) of both parts, by class, then source. */
  keys(lane: number): Iterable<{ readonly class: string; readonly source: string }>;
  /** The `limit` sources with most events, then by text. */
  largestSources(lane: number, limit: number): readonly SourceCount[];
  countSources(lane: number): number;
  /** The `limit` most frequent values of a dimension, then by value, and the sum of all others. */
  largestCounts(
    lane: number,
    dimension: string,
    limit: number,
  ): { readonly top: readonly ValueCount[]; readonly rest: number };

  /** Forgets everything: the slice is done. */
  clear(): void;
  /** Deletes the medium. */
  close(): void;
}

/**
 * How the parts of an entry become the entry; handed in by who knows what an entry is. Each part is to be read before the next is asked for: all
 * come by the same reader.
 */
export type MergeEntries = (partials: Iterable<PackedReader>) => Pick<WrittenEntry, 'events' | 'json'>;
