import { BufferPool } from './sorted/buffer-pool.ts';
import { ScratchCounts } from './counts.ts';
import { ScratchEntries } from './entries.ts';
import { ScratchEvents } from './events.ts';
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
} from './port.ts';
import type { Bounds } from './sorted/sorter.ts';
import { TemporaryFile } from './sorted/temporary-file.ts';

/**
 * A scratch in a file of its own. The file comes into being with the first thing that is put in, and goes with `clear`, `close` or the process.
 * Several readings may go on side by side, and while other things are added, which they do not show.
 * @param directory made when missing
 * @param bounds of each kind; built-in ones when not given
 */
export function openScratch(directory: string, merge: MergeEntries, bounds?: Bounds): Scratch {
  const buffers = new BufferPool();
  return new FileScratch(() => new ScratchFile(directory, merge, bounds, buffers));
}

/** What lies in one file. */
class ScratchFile {
  readonly events: ScratchEvents;
  readonly entries: ScratchEntries;
  readonly counts: ScratchCounts;
  readonly #file: TemporaryFile;

  constructor(directory: string, merge: MergeEntries, bounds: Bounds | undefined, buffers: BufferPool) {
    this.#file = new TemporaryFile(directory, buffers);
    this.events = new ScratchEvents(this.#file, bounds);
    this.entries = new ScratchEntries(this.#file, merge, bounds);
    this.counts = new ScratchCounts(this.#file, bounds);
  }

  close(): void {
    this.#file.close();
  }
}

class FileScratch implements Scratch {
  readonly #open: () => ScratchFile;
  #medium: ScratchFile | undefined;

  constructor(open: () => ScratchFile) {
    this.#open = open;
  }

  addEvent(lane: number, event: ScratchEvent): void {
    this.#demand().events.add(lane, event);
  }

  addEntry(lane: number, place: Place, told: EntryPart): void {
    this.#demand().entries.add(lane, place, told);
  }

  addCounts(lane: number, counts: Iterable<ValueCount>): void {
    for (const count of counts) this.#demand().counts.add(lane, count);
  }

  events(lane: number, source?: string): Iterable<ScratchEvent> {
    return this.#medium?.events.all(lane, source) ?? [];
  }

  entries(lane: number, source?: string, numbers?: ReadonlySet<number>): Iterable<WrittenEntry> {
    return this.#medium?.entries.all(lane, source, numbers) ?? [];
  }

  largestEntries(lane: number, limit: number): Iterable<WrittenEntry> {
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

  clear(): void {
    this.#medium?.close();
    this.#medium = undefined;
  }

  close(): void {
    this.clear();
  }

  #demand(): ScratchFile {
    return (this.#medium ??= this.#open());
  }
}
