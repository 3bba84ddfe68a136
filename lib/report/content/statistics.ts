import { UNKNOWN_CLASS } from '../../model/event/event.ts';
import { byCodePoint, classOfCategories } from '../../model/event/object-view.ts';
import type { EventContent, EventSection, Value } from '../../model/event/event-content.ts';
import type { Dimension, Statistics } from '../../model/report.ts';
import type { ValueCount } from '../../scratch/port.ts';
import { REST } from './entry.ts';

// How often each value occurs among the reported events, by dimension. An event counts once for each of its distinct values.

/** Stands for a value that an event does not have. */
const UNKNOWN = '__unknown__';
/** Values longer than this are counted under their beginning. */
const VALUE_LIMIT = 250;
/** Bytes that a value takes beside its text. */
const VALUE_BYTES = 100;

/** Up to so many values are compared with each other: a Set takes longer to make than it saves. */
const FEW = 8;

const WIDE = 99;
const SMALL = 999;

/** Dimensions with the number of values that are kept; the rest is summed under `__REST__`. */
const DIMENSIONS = {
  sources: WIDE,
  targets: WIDE,
  analyzers: SMALL,
  detectors: SMALL,
  categories: SMALL,
  category_sets: SMALL,
  detectorsws: SMALL,
  abuses: SMALL,
  asns: WIDE,
  countries: SMALL,
  classes: SMALL,
  severities: SMALL,
  tlps: SMALL,
} as const;
type DimensionName = keyof typeof DIMENSIONS;
const DIMENSION_NAMES = Object.keys(DIMENSIONS) as DimensionName[];

const NONE: readonly never[] = [];

function addressesOf(sections: readonly EventSection[]): readonly string[] {
  const ips = (section: EventSection): readonly Value[] => section.lists.get('ips') ?? NONE;
  return (sections.length === 1 ? ips(sections[0]!) : sections.flatMap(ips)) as readonly string[];
}

/** Every combination of detector and program; the detector alone when it names no program. */
function detectorsWithSoftware(event: EventContent): readonly string[] {
  const { detector, software } = event;
  if (detector === undefined) return NONE;
  return software.length === 0 ? [detector] : software.map((program) => `${detector}/${program}`);
}

/** Where {@link statisticsOf} reads counts: the scratch has this for a lane, a {@link Tally} for what it was given. */
export interface CountSource {
  /** The `limit` most frequent values of a dimension, then by value, and the sum of all others. */
  largestCounts(
    dimension: string,
    limit: number,
  ): { readonly top: readonly ValueCount[]; readonly rest: number };
}

/** The statistics of a report over `events` events. */
export function statisticsOf(events: number, source: CountSource): Statistics {
  const statistics: Statistics = {
    cnt_alerts: events,
    cnt_events: events,
    cnt_recurring: 0,
    cnt_unique: events,
  };
  for (const [dimension, limit] of Object.entries(DIMENSIONS)) {
    const { top, rest } = source.largestCounts(dimension, limit);
    statistics[dimension] = withRest(top, rest);
  }
  return statistics;
}

/** A `__REST__` that is already there is no value of its own: it belongs to the new rest. */
function withRest(top: readonly ValueCount[], rest: number): Dimension {
  const values = top.filter((v) => v.value !== REST);
  const all = top.filter((v) => v.value === REST).reduce((sum, v) => sum + v.count, rest);
  const dimension = values.map((v): [string, number] => [v.value, v.count]);
  return Object.fromEntries(all === 0 ? dimension : [...dimension, [REST, all]]);
}

/** Counted up in place: a value is looked for once for every event that has it. */
interface Counter {
  count: number;
}

/** About how many bytes the counts of all dimensions take. */
interface Held {
  bytes: number;
}

/** The counts of one dimension; see {@link Tally}. */
class Counts {
  readonly dimension: DimensionName;
  readonly byValue = new Map<string, Counter>();
  readonly #held: Held;
  readonly #limit: number;
  /** Largest hash that still counts, once there were too many values. */
  #bound = Infinity;

  constructor(dimension: DimensionName, limit: number, held: Held) {
    this.dimension = dimension;
    this.#limit = limit;
    this.#held = held;
  }

  /** Counts an event under each of its distinct values. */
  addEach(values: readonly string[]): void {
    if (values.length === 0) this.add(UNKNOWN);
    else if (values.length > FEW) for (const value of new Set(values)) this.add(value);
    else for (let i = 0; i < values.length; i++) if (values.indexOf(values[i]!) === i) this.add(values[i]!);
  }

  add(value: string): void {
    const short = value.length > VALUE_LIMIT ? value.slice(0, VALUE_LIMIT).toWellFormed() : value;
    const key = this.#bound < Infinity && hashOf(short) > this.#bound ? REST : short;
    const counter = this.byValue.get(key);
    if (counter !== undefined) {
      counter.count++;
      return;
    }
    this.byValue.set(key, { count: 1 });
    this.#held.bytes += VALUE_BYTES + key.length;
    if (this.byValue.size > 2 * this.#limit) this.#prune();
  }

  #prune(): void {
    const ranked = [...this.byValue.keys()]
      .filter((value) => value !== REST)
      .map((value) => ({ value, hash: hashOf(value) }));
    if (ranked.length <= this.#limit) return;
    ranked.sort((a, b) => a.hash - b.hash);
    this.#bound = ranked[this.#limit - 1]!.hash;
    let rest = this.byValue.get(REST)?.count ?? 0;
    for (const { value, hash } of ranked) {
      if (hash <= this.#bound) continue;
      rest += this.byValue.get(value)!.count;
      this.byValue.delete(value);
    }
    this.byValue.set(REST, { count: rest });
  }

  *all(): Generator<ValueCount, void, undefined> {
    const { dimension } = this;
    for (const [value, { count }] of this.byValue) yield { dimension, value, count };
  }

  largest(limit: number): ReturnType<CountSource['largestCounts']> {
    if (this.byValue.size > this.#limit) this.#prune();
    const ranked = [...this.all()].sort((a, b) => b.count - a.count || byCodePoint(a.value, b.value));
    return { top: ranked.slice(0, limit), rest: ranked.slice(limit).reduce((sum, v) => sum + v.count, 0) };
  }
}

/**
 * Counts of values in memory. With a limit, a dimension keeps exact counts of that many values, selected by their hash and hence the same
 * ones in any order of input, and sums the rest under `__REST__`.
 */
export class Tally implements CountSource {
  readonly #counts: Readonly<Record<DimensionName, Counts>>;
  readonly #all: readonly Counts[];
  readonly #held: Held = { bytes: 0 };

  constructor(limit = Infinity) {
    this.#all = DIMENSION_NAMES.map((name) => new Counts(name, limit, this.#held));
    this.#counts = Object.fromEntries(this.#all.map((counts) => [counts.dimension, counts])) as Record<
      DimensionName,
      Counts
    >;
  }

  /** About how much memory it takes, in units of 400 bytes. */
  get weight(): number {
    return this.#held.bytes / 400;
  }

  add(event: EventContent): void {
    const counts = this.#counts;
    const { detector, categories, severity, tlp } = event;
    counts.sources.addEach(addressesOf(event.sources));
    counts.targets.addEach(addressesOf(event.targets));
    counts.analyzers.addEach(event.software);
    counts.detectors.add(detector ?? UNKNOWN);
    counts.categories.addEach(categories);
    counts.category_sets.add(categories.length === 0 ? UNKNOWN : classOfCategories(categories));
    counts.detectorsws.addEach(detectorsWithSoftware(event));
    counts.abuses.addEach(event.groups);
    counts.asns.addEach(event.asns);
    counts.countries.addEach(event.countries);
    counts.classes.add(event.eventClass === UNKNOWN_CLASS ? UNKNOWN : event.eventClass);
    counts.severities.add(severity ?? UNKNOWN);
    counts.tlps.add(tlp ?? UNKNOWN);
  }

  *counts(): Generator<ValueCount, void, undefined> {
    for (const counts of this.#all) yield* counts.all();
  }

  largestCounts(dimension: string, limit: number): ReturnType<CountSource['largestCounts']> {
    const counts = this.#all.find((one) => one.dimension === dimension);
    return counts?.largest(limit) ?? { top: [], rest: 0 };
  }

  clear(): void {
    for (const { byValue } of this.#all) byValue.clear();
    this.#held.bytes = 0;
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
