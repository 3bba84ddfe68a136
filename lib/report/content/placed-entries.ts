import type { EntriesByClass, Entry, Part } from '../../model/report.ts';
import type { WrittenEntry } from '../../scratch/port.ts';

// Entries on their way from the scratch into records, cut into pieces that a store can hold.

/** Entries of one entry document, and the characters of JSON at which it is closed before it has as many. */
const PART_ENTRIES = 500;
const PART_LENGTH = 4_000_000;
/** Characters of JSON that the entries inside a record may come to. */
const RECORD_LENGTH = 4_000_000;

/** Finished entries as JSON arrays of {@link PlacedEntry}, in parts of up to 500, none too big for a document. */
export function* entryParts(entries: Iterable<WrittenEntry>): Iterable<string> {
  let part: string[] = [];
  let length = 0;
  for (const written of entries) {
    const placed = placedJson(written);
    if (part.length === PART_ENTRIES || (part.length > 0 && length + placed.length > PART_LENGTH)) {
      yield `[${part.join(',')}]`;
      part = [];
      length = 0;
    }
    part.push(placed);
    length += placed.length;
  }
  if (part.length > 0) yield `[${part.join(',')}]`;
}

/** JSON of a {@link PlacedEntry}. */
function placedJson(written: WrittenEntry): string {
  const { part, class: eventClass, source } = written;
  const place = JSON.stringify({ part, class: eventClass, source });
  return `${place.slice(0, -1)},"entry":${written.json}}`;
}

export interface RecordEntries {
  readonly regular: EntriesByClass;
  readonly relapsed: EntriesByClass;
  /** Number of entries held. */
  readonly kept: number;
}

/** The entries that stand inside a record: up to `limit`, and no more than a document holds; those with fewest events give way. */
export function recordEntries(entries: Iterable<WrittenEntry>, limit: number): RecordEntries {
  const kept: WrittenEntry[] = [];
  let length = 0;
  for (const written of entries) {
    kept.push(written);
    length += sizeOf(written);
    while (kept.length > limit || (length > RECORD_LENGTH && kept.length > 1))
      length -= sizeOf(kept.splice(leastOf(kept), 1)[0]!);
  }
  return { regular: byClass(kept, 'regular'), relapsed: byClass(kept, 'relapsed'), kept: kept.length };
}

/** Characters of JSON that an entry with its place comes to. */
function sizeOf(written: WrittenEntry): number {
  return placedJson(written).length;
}

/** Position of the entry with fewest events, the last of several. */
function leastOf(entries: readonly WrittenEntry[]): number {
  let least = 0;
  for (const [i, { events }] of entries.entries()) if (events <= entries[least]!.events) least = i;
  return least;
}

function byClass(entries: readonly WrittenEntry[], part: Part): EntriesByClass {
  const classes = new Map<string, [string, Entry][]>();
  for (const written of entries) {
    if (written.part !== part) continue;
    const entry = JSON.parse(written.json) as Entry;
    const sources = classes.get(written.class);
    if (sources === undefined) classes.set(written.class, [[written.source, entry]]);
    else sources.push([written.source, entry]);
  }
  return Object.fromEntries([...classes].map(([name, sources]) => [name, Object.fromEntries(sources)]));
}
