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

/** What identifies an entry in the reports of a lane. */
export interface Place {
  readonly part: Part;
  readonly class: string;
  readonly source: string;
}

/** An entry's place and its number of events. */
export interface EntryPlace extends Place {
  readonly events: number;
}

/** The contribution of one event to the entries of its sources. */
export interface EntryPart {
  /** Packs the contribution to the entry of this source. */
  pack(out: PackedWriter, source: string): void;
}

/** A merged entry, as JSON because most are written out unread. */
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
 * Holds what does not fit into memory: the reported events of a slice and partial results of their aggregation. Lanes are numbers within the
 * slice. Synchronous, because every reported event passes here. Throws a UserError when the disk is full.
 */
export interface Scratch {
  addEvent(lane: number, event: ScratchEvent): void;
  /** Adds a contribution to the entry of a place; contributions are merged when entries are read. */
  addEntry(lane: number, place: Place, part: EntryPart): void;
  /** Adds partial counts, which are summed by value when they are read. */
  addCounts(lane: number, counts: Iterable<ValueCount>): void;

  /** Reported events (of one source, when given), regular ones first, each part by storage time, then ID. */
  events(lane: number, source?: string): Iterable<ScratchEvent>;
  /**
   * Merged entries, regular ones first, then by class, then source, in code point order. Only those of one source, when given, and of these
   * only those whose position in `places`, from 0, is among `numbers`, when given.
   */
  entries(lane: number, source?: string, numbers?: ReadonlySet<number>): Iterable<WrittenEntry>;
  /** The `limit` merged entries with most events, of equal ones the first, in the order of `entries`. */
  largestEntries(lane: number, limit: number): Iterable<WrittenEntry>;
  /** Number of distinct entries. */
  countEntries(lane: number): number;
  /** The places of the merged entries, in the order of `entries`, without reading the entries themselves. */
  places(lane: number, source?: string): Iterable<EntryPlace>;
  /** Distinct (class, source) of both parts, by class, then source. */
  keys(lane: number): Iterable<{ readonly class: string; readonly source: string }>;
  /** The `limit` sources with most events, then by text. */
  largestSources(lane: number, limit: number): readonly SourceCount[];
  countSources(lane: number): number;
  /** The `limit` most frequent values of a dimension, then by value, and the sum of the remaining counts. */
  largestCounts(
    lane: number,
    dimension: string,
    limit: number,
  ): { readonly top: readonly ValueCount[]; readonly rest: number };

  /** Removes everything, at the end of a slice. */
  clear(): void;
  /** Removes everything, at the end of a run. */
  close(): void;
}

/**
 * Merges the contributions to an entry. Each one has to be read before the next is taken, because all come from the same reader.
 */
export type MergeEntries = (partials: Iterable<PackedReader>) => Pick<WrittenEntry, 'events' | 'json'>;
