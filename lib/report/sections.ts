import { byCodePoint } from '../model/object-view.ts';
import { PARTS, type Entry, type Part, type PlacedEntry } from '../model/report.ts';
import type { EntryPlace } from '../scratch/port.ts';
import { finishEntry } from './entry.ts';

// Which entries a mail prints, when there are more than a person would read.

/** Sources printed of one class, and sections printed in all. */
const SOURCES_A_CLASS = 100;
const SECTIONS = 200;
/** Classes printed of one part. */
const CLASSES = 50;

export interface PrintedSource {
  readonly source: string;
  readonly entry: Entry;
  /** In the regular part: the same problem also stands in the relapsed part. */
  readonly continues: boolean;
}

/** One event class of a part: the sources that are printed, and how many there are in all. */
export interface PrintedClass {
  readonly name: string;
  readonly events: number;
  readonly sources: number;
  /** By text. */
  readonly printed: readonly PrintedSource[];
}

export interface PrintedPart {
  /** By name. */
  readonly classes: readonly PrintedClass[];
  /** Number of classes of which nothing is printed. */
  readonly classesLeftOut: number;
}

export type Printed = Readonly<Record<Part, PrintedPart>>;

/** A class while its entries pass by: totals, and the sources with most events. */
interface Tallied {
  readonly part: Part;
  readonly name: string;
  events: number;
  sources: number;
  largest: { source: string; events: number }[];
}

/**
 * Chooses the sections of a mail. Every class gets its share, the sources with most events go first, so one noisy class does not hide
 * the others. Memory holds what is printed, not what there is.
 * @param places of all entries to choose from, ordered by part, class, source
 * @param entriesOf reads the merged entries of one source
 */
export function chooseSections(
  places: Iterable<EntryPlace>,
  entriesOf: (source: string) => Iterable<PlacedEntry>,
): Printed {
  const leftOut: Record<Part, number> = { regular: 0, relapsed: 0 };
  const classes = tally(places, leftOut);
  const quotas = share(classes);
  const wanted = new Map<string, Set<string>>();
  for (const [i, { part, name, largest }] of classes.entries()) {
    for (const { source } of largest.slice(0, quotas[i])) {
      const places = wanted.get(source);
      if (places === undefined) wanted.set(source, new Set([placeOf(part, name)]));
      else places.add(placeOf(part, name));
    }
  }
  const printed = new Map<string, PrintedSource[]>();
  for (const source of [...wanted.keys()].sort(byCodePoint)) {
    const relapsed = new Set<string>();
    const found: { placed: PlacedEntry; place: string }[] = [];
    for (const placed of entriesOf(source)) {
      const place = placeOf(placed.part, placed.class);
      if (placed.part === 'relapsed') relapsed.add(placed.class);
      if (wanted.get(source)!.has(place)) found.push({ placed, place });
    }
    for (const { placed, place } of found) {
      const sources = printed.get(place) ?? [];
      const continues = placed.part === 'regular' && relapsed.has(placed.class);
      sources.push({ source, entry: finishEntry(placed.entry), continues });
      printed.set(place, sources);
    }
  }
  const part = (name: Part): PrintedPart => ({
    classes: classes
      .filter((c) => c.part === name)
      .map((c) => ({ ...c, printed: printed.get(placeOf(name, c.name)) ?? [] })),
    classesLeftOut: leftOut[name],
  });
  return { regular: part('regular'), relapsed: part('relapsed') };
}

function placeOf(part: Part, eventClass: string): string {
  return `${part} ${eventClass}`;
}

function tally(places: Iterable<EntryPlace>, leftOut: Record<Part, number>): Tallied[] {
  const kept: Record<Part, Tallied[]> = { regular: [], relapsed: [] };
  const close = (done: Tallied | undefined): void => {
    if (done === undefined) return;
    done.largest = largestOf(done.largest);
    const classes = kept[done.part];
    classes.push(done);
    if (classes.length <= CLASSES) return;
    classes.splice(classes.indexOf(classes.reduce((least, c) => (c.events <= least.events ? c : least))), 1);
    leftOut[done.part]++;
  };
  let open: Tallied | undefined;
  for (const { part, class: name, source, events } of places) {
    if (open?.part !== part || open.name !== name) {
      close(open);
      open = { part, name, events: 0, sources: 0, largest: [] };
    }
    open.events += events;
    open.sources++;
    open.largest.push({ source, events });
    if (open.largest.length > 10 * SOURCES_A_CLASS) open.largest = largestOf(open.largest);
  }
  close(open);
  return PARTS.flatMap((part) => kept[part]);
}

function largestOf(
  sources: readonly { source: string; events: number }[],
): { source: string; events: number }[] {
  return [...sources]
    .sort((a, b) => b.events - a.events || byCodePoint(a.source, b.source))
    .slice(0, SOURCES_A_CLASS);
}

/** Shares the sections out evenly: one for each class in turn, until all are given or nobody wants more. */
function share(classes: readonly Tallied[]): number[] {
  const quotas = classes.map(() => 0);
  let free = SECTIONS;
  for (let round = 1; free > 0 && round <= SOURCES_A_CLASS; round++) {
    for (const [i, { largest }] of classes.entries()) {
      if (free === 0 || largest.length < round) continue;
      quotas[i] = round;
      free--;
    }
  }
  return quotas;
}
