import { UNKNOWN_CLASS } from '../model/event.ts';
import { byCodePoint, classOfCategories } from '../model/object-view.ts';
import type { CleanEvent, CleanSection, Value } from '../model/clean.ts';
import type { Dimension, Statistics } from '../model/report.ts';
import type { ValueCount } from '../scratch/port.ts';
import { REST } from './entry.ts';

// How often each value occurs among the reported events, by dimension. An event counts once for each of its distinct values.

/** Stands for a value that an event does not have. */
const UNKNOWN = '__unknown__';
/** Values longer than this are counted under their beginning. */
const VALUE_LIMIT = 250;
/** Bytes that a value takes beside its text. */
const VALUE_BYTES = 100;

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

type Emit = (dimension: DimensionName, value: string) => void;

/** Names every value one event adds to the statistics. */
export function valuesOf(event: CleanEvent, emit: Emit): void {
  const each = (dimension: DimensionName, values: readonly string[]): void => {
    if (values.length === 0) emit(dimension, UNKNOWN);
    else if (values.length === 1) emit(dimension, values[0]!);
    else for (const value of new Set(values)) emit(dimension, value);
  };
  each('sources', addressesOf(event.sources));
  each('targets', addressesOf(event.targets));
  each('analyzers', event.software);
  emit('detectors', event.detector ?? UNKNOWN);
  each('categories', event.categories);
  emit('category_sets', event.categories.length === 0 ? UNKNOWN : classOfCategories(event.categories));
  each('detectorsws', detectorsWithSoftware(event));
  each('abuses', event.groups);
  each('asns', event.asns);
  each('countries', event.countries);
  emit('classes', event.eventClass === UNKNOWN_CLASS ? UNKNOWN : event.eventClass);
  emit('severities', event.severity ?? UNKNOWN);
  emit('tlps', event.tlp ?? UNKNOWN);
}

function addressesOf(sections: readonly CleanSection[]): readonly string[] {
  const ips = (section: CleanSection): readonly Value[] => section.lists.get('ips') ?? [];
  return (sections.length === 1 ? ips(sections[0]!) : sections.flatMap(ips)) as readonly string[];
}

/** Every combination of detector and program; the detector alone when it names no program. */
function detectorsWithSoftware(event: CleanEvent): readonly string[] {
  const { detector, software } = event;
  if (detector === undefined) return [];
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

/**
 * Counts of values in memory. With a limit, a dimension keeps exact counts of that many values, chosen by their hash and hence the same
 * ones in any order of input, and sums the others under `__REST__`.
 */
export class Tally implements CountSource {
  readonly #counts = new Map<string, Map<string, Counter>>();
  /** Largest hash that still counts, of dimensions that have overflown. */
  readonly #bounds = new Map<string, number>();
  readonly #limit: number;
  #bytes = 0;

  constructor(limit = Infinity) {
    this.#limit = limit;
  }

  /** About how much memory it takes, in units of 400 bytes. */
  get weight(): number {
    return this.#bytes / 400;
  }

  add(event: CleanEvent): void {
    valuesOf(event, (dimension, value) => this.#count(dimension, value));
  }

  #count(dimension: DimensionName, value: string): void {
    let counts = this.#counts.get(dimension);
    if (counts === undefined) this.#counts.set(dimension, (counts = new Map<string, Counter>()));
    const short = value.length > VALUE_LIMIT ? value.slice(0, VALUE_LIMIT).toWellFormed() : value;
    const bound = this.#limit === Infinity ? undefined : this.#bounds.get(dimension);
    const key = bound !== undefined && hashOf(short) > bound ? REST : short;
    const counter = counts.get(key);
    if (counter !== undefined) {
      counter.count++;
      return;
    }
    counts.set(key, { count: 1 });
    this.#bytes += VALUE_BYTES + key.length;
    if (counts.size > 2 * this.#limit) this.#prune(dimension, counts);
  }

  #prune(dimension: string, counts: Map<string, Counter>): void {
    const ranked = [...counts.keys()]
      .filter((v) => v !== REST)
      .map((value) => ({ value, hash: hashOf(value) }));
    if (ranked.length <= this.#limit) return;
    ranked.sort((a, b) => a.hash - b.hash);
    const bound = ranked[this.#limit - 1]!.hash;
    let rest = counts.get(REST)?.count ?? 0;
    for (const { value, hash } of ranked) {
      if (hash <= bound) continue;
      rest += counts.get(value)!.count;
      counts.delete(value);
    }
    counts.set(REST, { count: rest });
    this.#bounds.set(dimension, bound);
  }

  *counts(): Iterable<ValueCount> {
    for (const [dimension, counts] of this.#counts) {
      for (const [value, { count }] of counts) yield { dimension, value, count };
    }
  }

  largestCounts(
    dimension: string,
    limit: number,
  ): { readonly top: readonly ValueCount[]; readonly rest: number } {
    const counts = this.#counts.get(dimension) ?? new Map<string, Counter>();
    if (counts.size > this.#limit) this.#prune(dimension, counts);
    const ranked = [...counts].map(([value, { count }]) => ({ dimension, value, count }));
    ranked.sort((a, b) => b.count - a.count || byCodePoint(a.value, b.value));
    return { top: ranked.slice(0, limit), rest: ranked.slice(limit).reduce((sum, v) => sum + v.count, 0) };
  }

  clear(): void {
    this.#counts.clear();
    this.#bytes = 0;
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
