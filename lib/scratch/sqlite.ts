import type { PlacedEntry } from '../model/report.ts';
import { COUNT_TABLES, ScratchCounts } from './counts.ts';
import { ENTRY_TABLES, ScratchEntries } from './entries.ts';
import { EVENT_TABLES, ScratchEvents } from './events.ts';
import type { EntryPlace, MergeEntries, Scratch, ScratchEvent, SourceCount, ValueCount } from './port.ts';
import { TemporaryDatabase } from './temporary-database.ts';

/**
 * A scratch in an SQLite file of its own. The file comes into being with the first thing that is put in, and goes with `clear`, `close`
 * or the process. Reading holds a page of rows at a time; several readings may go on side by side, and while other things are added.
 * @param directory made when missing
 */
export function openScratch(directory: string, merge: MergeEntries): Scratch {
  return new SqliteScratch(directory, merge);
}

/** What lies in one file. */
class Medium {
  readonly events: ScratchEvents;
  readonly entries: ScratchEntries;
  readonly counts: ScratchCounts;
  readonly #file: TemporaryDatabase;

  constructor(directory: string, merge: MergeEntries) {
    this.#file = new TemporaryDatabase(directory, EVENT_TABLES + ENTRY_TABLES + COUNT_TABLES);
    const { db } = this.#file;
    this.events = new ScratchEvents(db);
    this.entries = new ScratchEntries(db, merge);
    this.counts = new ScratchCounts(db);
  }

  close(): void {
    this.#file.close();
  }
}

class SqliteScratch implements Scratch {
  readonly #open: () => Medium;
  #medium: Medium | undefined;

  constructor(directory: string, merge: MergeEntries) {
    this.#open = () => new Medium(directory, merge);
  }

  addEvent(lane: number, event: ScratchEvent): void {
    this.#demand().events.add(lane, event);
  }

  addEntries(lane: number, entries: Iterable<PlacedEntry>): void {
    for (const entry of entries) this.#demand().entries.add(lane, entry);
  }

  addCounts(lane: number, counts: Iterable<ValueCount>): void {
    for (const count of counts) this.#demand().counts.add(lane, count);
  }

  events(lane: number, source?: string): Iterable<ScratchEvent> {
    return this.#medium?.events.all(lane, source) ?? [];
  }

  entries(lane: number, source?: string): Iterable<PlacedEntry> {
    return this.#medium?.entries.all(lane, source) ?? [];
  }

  largestEntries(lane: number, limit: number): Iterable<PlacedEntry> {
    return this.#medium?.entries.largest(lane, limit) ?? [];
  }

  countEntries(lane: number): number {
    return this.#medium?.entries.count(lane) ?? 0;
  }

  places(lane: number, source?: string): Iterable<EntryPlace> {
    return this.#medium?.entries.places(lane, source) ?? [];
  }

  keys(lane: number): Iterable<{ readonly class: string; readonly source: string }> {
    return this.#medium?.entries.keys(lane) ?? [];
  }

  largestSources(lane: number, limit: number): readonly SourceCount[] {
    return this.#medium?.entries.largestSources(lane, limit) ?? [];
  }

  countSources(lane: number): number {
    return this.#medium?.entries.countSources(lane) ?? 0;
  }

  largestCounts(
    lane: number,
    dimension: string,
    limit: number,
  ): { readonly top: readonly ValueCount[]; readonly rest: number } {
    return this.#medium?.counts.largest(lane, dimension, limit) ?? { top: [], rest: 0 };
  }

  dimensions(lane: number): readonly string[] {
    return this.#medium?.counts.dimensions(lane) ?? [];
  }

  clear(): void {
    this.#medium?.close();
    this.#medium = undefined;
  }

  close(): void {
    this.clear();
  }

  #demand(): Medium {
    return (this.#medium ??= this.#open());
  }
}
