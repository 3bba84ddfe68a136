import { byCodePoint } from '../../lib/model/event/object-view.ts';
import { PARTS } from '../../lib/model/report.ts';
import { PackedReader, PackedWriter } from '../../lib/scratch/packed-values.ts';
import type {
  EntryPart,
  EntryPlace,
  MergeEntries,
  Place,
  Scratch,
  ScratchEvent,
  SourceCount,
  ValueCount,
  WrittenEntry,
} from '../../lib/scratch/port.ts';

/** A scratch in arrays, written to be obviously right: what specs of stages and reports use, and what the real one is measured by. */
export class ArrayScratch implements Scratch {
  readonly #merge: MergeEntries;
  #events: (ScratchEvent & { lane: number })[] = [];
  #partials: (Place & { lane: number; packed: Buffer })[] = [];
  #counts: (ValueCount & { lane: number })[] = [];

  constructor(merge: MergeEntries) {
    this.#merge = merge;
  }

  addEvent(lane: number, event: ScratchEvent): void {
    this.#events.push({ lane, ...event });
  }

  addEntry(lane: number, place: Place, told: EntryPart): void {
    const writer = new PackedWriter();
    told.pack(writer, place.source);
    this.#partials.push({ lane, ...place, packed: writer.bytes.subarray(0, writer.length) });
  }

  addCounts(lane: number, counts: Iterable<ValueCount>): void {
    for (const count of counts) this.#counts.push({ lane, ...count });
  }

  events(lane: number, source?: string): ScratchEvent[] {
    return this.#events
      .filter((event) => event.lane === lane && (source === undefined || event.sources.includes(source)))
      .sort(
        (a, b) =>
          PARTS.indexOf(a.part) - PARTS.indexOf(b.part) ||
          a.storageTime - b.storageTime ||
          byCodePoint(a.id, b.id),
      )
      .map(({ part, id, storageTime, eventClass, sources, body }) => {
        return { part, id, storageTime, eventClass, sources, body };
      });
  }

  entries(lane: number, source?: string, numbers?: ReadonlySet<number>): WrittenEntry[] {
    const places = new Map<string, { place: Place; packed: Buffer[] }>();
    for (const { lane: its, packed, ...place } of this.#partials) {
      if (its !== lane || (source !== undefined && place.source !== source)) continue;
      const key = JSON.stringify([place.part, place.class, place.source]);
      const before = places.get(key);
      if (before === undefined) places.set(key, { place, packed: [packed] });
      else before.packed.push(packed);
    }
    const merged = [...places.values()].map(({ place, packed }) => ({
      ...place,
      ...this.#merge(packed.map((bytes) => this.#readerAt(bytes))),
    }));
    return merged.sort(byPlace).filter((_, number) => numbers?.has(number) ?? true);
  }

  #readerAt(bytes: Buffer): PackedReader {
    const reader = new PackedReader();
    reader.moveTo(bytes, 0);
    return reader;
  }

  largestEntries(lane: number, limit: number): WrittenEntry[] {
    return this.entries(lane)
      .sort((a, b) => b.events - a.events || byPlace(a, b))
      .slice(0, limit)
      .sort(byPlace);
  }

  countEntries(lane: number): number {
    return this.entries(lane).length;
  }

  places(lane: number, wanted?: string): EntryPlace[] {
    return this.entries(lane, wanted).map(({ part, class: eventClass, source, events }) => {
      return { part, class: eventClass, source, events };
    });
  }

  keys(lane: number): { class: string; source: string }[] {
    const keys = new Map(
      this.entries(lane).map((entry) => [JSON.stringify([entry.class, entry.source]), entry]),
    );
    return [...keys.values()]
      .sort(byKey)
      .map(({ class: eventClass, source }) => ({ class: eventClass, source }));
  }

  largestSources(lane: number, limit: number): SourceCount[] {
    const events = new Map<string, number>();
    for (const { source, events: more } of this.entries(lane))
      events.set(source, (events.get(source) ?? 0) + more);
    return [...events]
      .map(([source, count]) => ({ source, events: count }))
      .sort((a, b) => b.events - a.events || byCodePoint(a.source, b.source))
      .slice(0, limit);
  }

  countSources(lane: number): number {
    return this.largestSources(lane, Infinity).length;
  }

  largestCounts(lane: number, dimension: string, limit: number): { top: ValueCount[]; rest: number } {
    const counts = new Map<string, number>();
    for (const row of this.#counts) {
      if (row.lane !== lane || row.dimension !== dimension) continue;
      counts.set(row.value, (counts.get(row.value) ?? 0) + row.count);
    }
    const all = [...counts]
      .map(([value, count]) => ({ dimension, value, count }))
      .sort((a, b) => b.count - a.count || byCodePoint(a.value, b.value));
    return { top: all.slice(0, limit), rest: all.slice(limit).reduce((sum, { count }) => sum + count, 0) };
  }

  clear(): void {
    this.#events = [];
    this.#partials = [];
    this.#counts = [];
  }

  close(): void {
    this.clear();
  }
}

function byKey(a: WrittenEntry, b: WrittenEntry): number {
  return byCodePoint(a.class, b.class) || byCodePoint(a.source, b.source);
}

function byPlace(a: WrittenEntry, b: WrittenEntry): number {
  return PARTS.indexOf(a.part) - PARTS.indexOf(b.part) || byKey(a, b);
}
