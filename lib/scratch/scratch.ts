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
 * A scratch in a temporary file, which is created by the first addition and removed by `clear`, `close` or the end of the process. Several
 * readings may go on concurrently; they do not see what is added meanwhile.
 * @param directory created when missing
 * @param bounds of each kind of records; built-in ones when not given
 */
export function openScratch(directory: string, merge: MergeEntries, bounds?: Bounds): Scratch {
  const buffers = new BufferPool();
  return new FileScratch(() => new ScratchFile(directory, merge, bounds, buffers));
}

/** The content of one file. */
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
  #content: ScratchFile | undefined;

  constructor(open: () => ScratchFile) {
    this.#open = open;
  }

  addEvent(lane: number, event: ScratchEvent): void {
    this.#openFile().events.add(lane, event);
  }

  addEntry(lane: number, place: Place, entry: EntryPart): void {
    this.#openFile().entries.add(lane, place, entry);
  }

  addCounts(lane: number, counts: Iterable<ValueCount>): void {
    for (const count of counts) this.#openFile().counts.add(lane, count);
  }

  events(lane: number, source?: string): Iterable<ScratchEvent> {
    return this.#content?.events.all(lane, source) ?? [];
  }

  entries(lane: number, source?: string, numbers?: ReadonlySet<number>): Iterable<WrittenEntry> {
    return this.#content?.entries.all(lane, source, numbers) ?? [];
  }

  largestEntries(lane: number, limit: number): Iterable<WrittenEntry> {
    return this.#content?.entries.largest(lane, limit) ?? [];
  }

  countEntries(lane: number): number {
    return this.#content?.entries.count(lane) ?? 0;
  }

  places(lane: number, source?: string): Iterable<EntryPlace> {
    return this.#content?.entries.places(lane, source) ?? [];
  }

  keys(lane: number): Iterable<{ readonly class: string; readonly source: string }> {
    return this.#content?.entries.keys(lane) ?? [];
  }

  largestSources(lane: number, limit: number): readonly SourceCount[] {
    return this.#content?.entries.largestSources(lane, limit) ?? [];
  }

  countSources(lane: number): number {
    return this.#content?.entries.countSources(lane) ?? 0;
  }

  largestCounts(
    lane: number,
    dimension: string,
    limit: number,
  ): { readonly top: readonly ValueCount[]; readonly rest: number } {
    return this.#content?.counts.largest(lane, dimension, limit) ?? { top: [], rest: 0 };
  }

  clear(): void {
    this.#content?.close();
    this.#content = undefined;
  }

  close(): void {
    this.clear();
  }

  #openFile(): ScratchFile {
    return (this.#content ??= this.#open());
  }
}
