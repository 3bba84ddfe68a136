import type { EntriesByClass, Part, PlacedEntry } from '../model/report.ts';
import { finishEntry } from './entry.ts';

// Entries on their way from the scratch into records, cut into pieces that a store can hold.

/** Entries of one entry document, and the characters of JSON at which it is closed before it has as many. */
const PART_ENTRIES = 500;
const PART_LENGTH = 4_000_000;
/** Characters of JSON that the entries inside a record may come to. */
const RECORD_LENGTH = 4_000_000;

/** Finished entries in parts of up to 500, none too big for a document. */
export function* entryParts(entries: Iterable<PlacedEntry>): Iterable<readonly PlacedEntry[]> {
  let part: PlacedEntry[] = [];
  let length = 0;
  for (const placed of entries) {
    const finished = { ...placed, entry: finishEntry(placed.entry) };
    const size = JSON.stringify(finished).length;
    if (part.length === PART_ENTRIES || (part.length > 0 && length + size > PART_LENGTH)) {
      yield part;
      part = [];
      length = 0;
    }
    part.push(finished);
    length += size;
  }
  if (part.length > 0) yield part;
}

export interface RecordEntries {
  readonly regular: EntriesByClass;
  readonly relapsed: EntriesByClass;
  /** Number of entries held. */
  readonly kept: number;
}

/** The entries that stand inside a record: up to `limit`, and no more than a document holds; those with fewest events give way. */
export function recordEntries(entries: Iterable<PlacedEntry>, limit: number): RecordEntries {
  const kept: { placed: PlacedEntry; size: number }[] = [];
  let length = 0;
  for (const placed of entries) {
    const finished = { ...placed, entry: finishEntry(placed.entry) };
    const size = JSON.stringify(finished).length;
    kept.push({ placed: finished, size });
    length += size;
    while (kept.length > limit || (length > RECORD_LENGTH && kept.length > 1)) {
      length -= kept.splice(leastOf(kept.map((k) => k.placed)), 1)[0]!.size;
    }
  }
  const placed = kept.map((k) => k.placed);
  return { regular: byClass(placed, 'regular'), relapsed: byClass(placed, 'relapsed'), kept: placed.length };
}

/** Position of the entry with fewest events, the last of several. */
function leastOf(entries: readonly PlacedEntry[]): number {
  let least = 0;
  for (const [i, { entry }] of entries.entries()) {
    if (entry.event_count <= entries[least]!.entry.event_count) least = i;
  }
  return least;
}

function byClass(entries: readonly PlacedEntry[], part: Part): EntriesByClass {
  const classes = new Map<string, [string, PlacedEntry['entry']][]>();
  for (const placed of entries) {
    if (placed.part !== part) continue;
    const sources = classes.get(placed.class);
    if (sources === undefined) classes.set(placed.class, [[placed.source, placed.entry]]);
    else sources.push([placed.source, placed.entry]);
  }
  return Object.fromEntries([...classes].map(([name, sources]) => [name, Object.fromEntries(sources)]));
}
