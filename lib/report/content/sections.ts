import { byCodePoint } from '../../model/event/object-view.ts';
import { PARTS, type Entry, type Part } from '../../model/report.ts';
import type { EntryPlace, WrittenEntry } from '../../scratch/port.ts';

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

/** A source of a class, and the number of its place among all. */
interface CountedSource {
  readonly source: string;
  readonly events: number;
  readonly number: number;
}

/** A class while its entries pass by: totals, and the sources with most events. */
interface Tallied {
  readonly part: Part;
  readonly name: string;
  events: number;
  sources: number;
  largest: CountedSource[];
}

/**
 * Chooses the sections of a mail. Every class gets its share, the sources with most events go first, so one noisy class does not hide
 * the others. Memory holds what is printed, not what there is.
 * @param places of all entries to choose from, ordered by part, class, source
 * @param entriesAt reads the entries with these numbers, in their order: places are counted from 0
 */
export function chooseSections(
  places: () => Iterable<EntryPlace>,
  entriesAt: (numbers: ReadonlySet<number>) => Iterable<WrittenEntry>,
): Printed {
  const leftOut: Record<Part, number> = { regular: 0, relapsed: 0 };
  const classes = tally(places(), leftOut);
  const quotas = share(classes);
  const wanted = new Set(
    classes.flatMap(({ largest }, i) => largest.slice(0, quotas[i]).map((s) => s.number)),
  );
  const printed = new Map<string, PrintedSource[]>();
  const both = relapsedToo(places, classes);
  for (const written of entriesAt(wanted)) {
    const { part, class: name, source, json } = written;
    const continues = part === 'regular' && both.has(keyOf(name, source));
    const sources = printed.get(placeOf(part, name)) ?? [];
    sources.push({ source, entry: JSON.parse(json) as Entry, continues });
    printed.set(placeOf(part, name), sources);
  }
  const part = (name: Part): PrintedPart => ({
    classes: classes
      .filter((c) => c.part === name)
      .map((c) => ({ ...c, printed: printed.get(placeOf(name, c.name)) ?? [] })),
    classesLeftOut: leftOut[name],
  });
  return { regular: part('regular'), relapsed: part('relapsed') };
}

/** Class and source of what may be printed as new and has come back as well; read again only when anything has come back. */
function relapsedToo(places: () => Iterable<EntryPlace>, classes: readonly Tallied[]): ReadonlySet<string> {
  const found = new Set<string>();
  if (!PARTS.every((part) => classes.some((c) => c.part === part))) return found;
  const candidates = new Set(
    classes.flatMap(({ part, name, largest }) =>
      part === 'regular' ? largest.map(({ source }) => keyOf(name, source)) : [],
    ),
  );
  for (const { part, class: name, source } of places()) {
    if (part !== 'relapsed') continue;
    const key = keyOf(name, source);
    if (candidates.has(key)) found.add(key);
  }
  return found;
}

function keyOf(name: string, source: string): string {
  return JSON.stringify([name, source]);
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
  let number = 0;
  for (const { part, class: name, source, events } of places) {
    if (open?.part !== part || open.name !== name) {
      close(open);
      open = { part, name, events: 0, sources: 0, largest: [] };
    }
    open.events += events;
    open.sources++;
    open.largest.push({ source, events, number: number++ });
    if (open.largest.length > 10 * SOURCES_A_CLASS) open.largest = largestOf(open.largest);
  }
  close(open);
  return PARTS.flatMap((part) => kept[part]);
}

function largestOf(sources: readonly CountedSource[]): CountedSource[] {
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
