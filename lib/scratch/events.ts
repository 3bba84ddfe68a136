import { PARTS, type Part } from '../model/report.ts';
import { decodeText, encodeText } from '../store/embedded/text.ts';
import type { Cursor } from './sorted/cursor.ts';
import type { ScratchEvent } from './port.ts';
import { sorterLane } from './sorter-lane.ts';
import { Sorter, type Bounds } from './sorted/sorter.ts';
import { SourceIndex } from './source-index.ts';
import type { TemporaryFile } from './sorted/temporary-file.ts';

/** Bytes in memory. */
const CAPACITY = 1024 * 1024;

/**
 * The reported events of a slice. A record's key is the storage time and the ID; its text is a line with class and sources, and the body.
 */
export class ScratchEvents {
  readonly #file: TemporaryFile;
  readonly #sorter: Sorter;
  readonly #sizes = new Map<number, number>();
  #index: SourceIndex | undefined;

  constructor(file: TemporaryFile, bounds: Bounds = { bytes: CAPACITY }) {
    this.#file = file;
    this.#sorter = new Sorter(file, bounds);
  }

  add(lane: number, { part, storageTime, id, eventClass, sources, body }: ScratchEvent): void {
    const text = `${JSON.stringify([eventClass, ...sources])}\n${body}`;
    this.#sorter.add(sorterLane(lane, part), sortable(storageTime) + encodeText(id), storageTime, text);
    this.#sizes.set(lane, (this.#sizes.get(lane) ?? 0) + 1);
  }

  *all(lane: number, source?: string): Generator<ScratchEvent, void, undefined> {
    if (source !== undefined) {
      yield* this.#bySource(lane, source);
      return;
    }
    for (const part of PARTS) {
      const merged = this.#sorter.sorted().read(sorterLane(lane, part));
      for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next())
        yield eventAt(cursor, part);
    }
  }

  *#bySource(lane: number, source: string): Generator<ScratchEvent, void, undefined> {
    this.#index ??= new SourceIndex(this.#file);
    const found = this.#index.find(lane, source, this.#sizes.get(lane) ?? 0, (add) => {
      for (const part of PARTS) {
        const merged = this.#sorter.sorted().read(sorterLane(lane, part));
        for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
          const { sources, id } = eventAt(cursor, part);
          const key = `${PARTS.indexOf(part)}${sortable(cursor.number)}${encodeText(id)}`;
          for (const one of new Set(sources)) add(one, key, cursor.position, part);
        }
      }
    });
    for (const { position, note } of found)
      yield eventAt(this.#sorter.sorted().recordAt(position), note as Part);
  }
}

function eventAt({ key, number, text }: Cursor, part: Part): ScratchEvent {
  const end = text.indexOf('\n');
  const [eventClass, ...sources] = JSON.parse(text.slice(0, end)) as [string, ...string[]];
  const id = decodeText(key.slice(SORTABLE_LENGTH));
  return { part, id, storageTime: number, eventClass, sources, body: text.slice(end + 1) };
}

const SORTABLE_LENGTH = 10;

/** A text of ten characters whose order is that of the instants, also before 1970. */
function sortable(instant: number): string {
  return (2 ** 51 + instant).toString(36);
}
