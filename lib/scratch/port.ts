import type { Part } from '../model/report.ts';
import type { Instant } from '../model/time.ts';

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

/** Where an entry stands, and its number of events. */
export interface EntryPlace {
  readonly part: Part;
  readonly class: string;
  readonly source: string;
  readonly events: number;
}

/**
 * An entry on its way through the scratch: as JSON, because most are never looked into. Until it is finished its sets hold up to 1,000 values
 * and its numbers hold the sums that averages are made of.
 */
export interface WrittenEntry extends EntryPlace {
  /** JSON of the entry. */
  readonly json: string;
  /** It is what a report holds: no set has to be cut, no mean to be worked out. */
  readonly isFinished: boolean;
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
  /** Adds a partial entry; several of one place are merged when they are read. */
  addEntry(lane: number, entry: WrittenEntry): void;
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

/** How partial entries of one place become one, told by their JSON; handed in by who knows what an entry is. */
export type MergeEntries = (
  partials: readonly string[],
) => Pick<WrittenEntry, 'events' | 'json' | 'isFinished'>;
