import { PARTS, type Part, type Timeline } from '../../model/report.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import type { ValueCount } from '../../scratch/port.ts';

/*
 * When the reported events took place, as counts in buckets that are as narrow as a bound on their number allows. Widths nest and lie on
 * the epoch, so a wider bucket is a whole number of narrower ones: what comes out depends on the events alone, not on their order, nor on
 * how they were added up.
 */

/** Seconds; each divides the next. Beyond the last, eight times as wide each. */
const WIDTHS = [
  60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_419_200, 29_030_400,
] as const;
/** Seconds. */
const HOUR = 3600;
/** Milliseconds. */
const DAY = 86_400_000;
/** Buckets of one part that hold events. A day has as many of a quarter of an hour; a part that is scattered keeps no more either. */
const BUCKETS = 120;
/** What is said to have happened later than it was stored, or longer before, in milliseconds, is counted when it was stored. */
const BELIEVED = 7 * 86_400_000;

/** The width in seconds of a level, from 0. */
function widthAt(level: number): number {
  return WIDTHS[level] ?? WIDTHS.at(-1)! * 8 ** (level - WIDTHS.length + 1);
}

/** One part: counts by the number of the bucket since the epoch. */
class Buckets {
  level = 0;
  readonly counts = new Map<number, number>();

  add(instant: Instant, count: number): void {
    const bucket = Math.floor(instant / (widthAt(this.level) * 1000));
    const old = this.counts.get(bucket);
    this.counts.set(bucket, old === undefined ? count : old + count);
    if (old === undefined) while (this.counts.size > BUCKETS) this.widenTo(this.level + 1);
  }

  widenTo(level: number): void {
    if (level <= this.level) return;
    const ratio = widthAt(level) / widthAt(this.level);
    const old = [...this.counts];
    this.counts.clear();
    for (const [bucket, count] of old) {
      const wide = Math.floor(bucket / ratio);
      this.counts.set(wide, (this.counts.get(wide) ?? 0) + count);
    }
    this.level = level;
  }
}

export class TimelineTally {
  #parts: Record<Part, Buckets> = { regular: new Buckets(), relapsed: new Buckets() };

  /** Buckets held, over both parts. */
  get size(): number {
    return this.#parts.regular.counts.size + this.#parts.relapsed.counts.size;
  }

  /**
   * Counts one event.
   * @param happened the first time of the event
   * @param stored what is believed instead of a time that cannot be right: one after the storage, or more than 7 days before
   */
  add(part: Part, happened: Instant, stored: Instant): void {
    const believed = happened <= stored && stored - happened <= BELIEVED;
    this.#parts[part].add(believed ? happened : stored, 1);
  }

  /** What is held, as counts that can be added up anywhere and read again by {@link absorb}. */
  *counts(): Generator<ValueCount> {
    for (const part of PARTS) {
      const { level, counts } = this.#parts[part];
      for (const [bucket, count] of counts)
        yield { dimension: dimensionOf(part), value: `${level}/${bucket}`, count };
    }
  }

  /** Adds what {@link counts} gave of a part. */
  absorb(part: Part, counts: Iterable<ValueCount>): void {
    const buckets = this.#parts[part];
    for (const { value, count } of counts) {
      const [level, bucket] = value.split('/').map(Number) as [number, number];
      buckets.widenTo(level);
      buckets.add(bucket * widthAt(level) * 1000, count);
    }
  }

  /** Both parts in buckets of the same width. */
  timeline(): Timeline {
    const level = Math.max(...PARTS.map((part) => this.#parts[part].level));
    const part = (name: Part): Record<string, number> => {
      this.#parts[name].widenTo(level);
      const rising = [...this.#parts[name].counts].sort(([a], [b]) => a - b);
      return Object.fromEntries(
        rising.map(([bucket, count]) => [formatInstant(bucket * widthAt(level) * 1000), count]),
      );
    };
    return { width: widthAt(level), regular: part('regular'), relapsed: part('relapsed') };
  }

  clear(): void {
    this.#parts = { regular: new Buckets(), relapsed: new Buckets() };
  }
}

/** More values of a dimension than spills of one lane can leave. */
const ALL = 1_000_000;

export interface Bucket {
  readonly start: Instant;
  readonly regular: number;
  readonly relapsed: number;
}

/** Seconds by which a reader's clock is ahead of UTC at an instant. */
export type ClockOffset = (instant: Instant) => number;

/**
 * Buckets from the first to the last event, empty ones included, as narrow as a limit on their number allows. Buckets wider than an hour
 * begin with the hours and days of the reader's clock if that fits the narrow buckets, else with those of UTC. A day begins at its first
 * instant, so the days on which the clock changes are shorter or longer; a day that the zone skips has no bucket.
 */
export function widened(
  { width: narrow, regular, relapsed }: Timeline,
  limit: number,
  offset: ClockOffset = () => 0,
): { readonly width: number; readonly buckets: readonly Bucket[]; readonly end: Instant } {
  const starts = [...Object.keys(regular), ...Object.keys(relapsed)].map((start) => Date.parse(start));
  if (starts.length === 0) return { width: narrow, buckets: [], end: 0 };
  const [first, last] = [Math.min(...starts), Math.max(...starts)];
  const fits = [first, last].every((instant) => offset(instant) % narrow === 0);
  const level = range(WIDTHS.length * 2).find((level) => {
    const { numberOf } = grid(widthAt(level), first, fits ? offset : () => 0);
    return widthAt(level) >= narrow && numberOf(last) - numberOf(first) < limit;
  })!;
  const width = widthAt(level);
  const { beginOf, numberOf } = grid(width, first, fits ? offset : () => 0);
  const low = numberOf(first);
  const begins = range(numberOf(last) - low + 2).map((i) => beginOf(low + i));
  const end = begins.at(-1)!;
  const buckets = [...new Set(begins)].slice(0, -1).map((start) => ({ start, regular: 0, relapsed: 0 }));
  for (const [part, counts] of [
    ['regular', regular],
    ['relapsed', relapsed],
  ] as const) {
    for (const [start, count] of Object.entries(counts)) {
      const instant = Date.parse(start);
      buckets.findLast((bucket) => bucket.start <= instant)![part] += count;
    }
  }
  return { width, buckets, end };
}

/** Numbers of buckets of a width, and where each begins. */
function grid(
  width: number,
  first: Instant,
  offset: ClockOffset,
): { readonly numberOf: (instant: Instant) => number; readonly beginOf: (number: number) => Instant } {
  const fixed = offset(first) * 1000;
  // An hour is an hour whatever happens to the clock.
  const beginOf = (number: number): Instant =>
    width > HOUR ? firstInstant(number * width * 1000, offset) : number * width * 1000 - fixed;
  const numberOf = (instant: Instant): number => {
    const ahead = width > HOUR ? offset(instant) * 1000 : fixed;
    let number = Math.floor((instant + ahead) / (width * 1000));
    // The clock may have shown the next bucket already, before it was put back.
    while (beginOf(number + 1) <= instant) number++;
    return number;
  };
  return { numberOf, beginOf };
}

/** The first instant at which a clock shows a time or a later one. Exact if the clock is changed once in the two days around it. */
function firstInstant(clock: number, offset: ClockOffset): Instant {
  let [before, after] = [clock - DAY, clock + DAY];
  const ahead = offset(before);
  if (offset(after) === ahead) return clock - ahead * 1000;
  while (after - before > 1000) {
    const middle = Math.floor((before + after) / 2000) * 1000;
    if (offset(middle) === ahead) before = middle;
    else after = middle;
  }
  const unchanged = clock - ahead * 1000;
  return unchanged < after ? unchanged : Math.max(after, clock - offset(after) * 1000);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** Where a scratch keeps the counts of a part. */
function dimensionOf(part: Part): string {
  return `timeline ${part}`;
}

/** The timeline whose counts lie in the scratch of a lane. */
export function timelineOf(
  largestCounts: (dimension: string, limit: number) => { readonly top: readonly ValueCount[] },
): Timeline {
  const tally = new TimelineTally();
  for (const part of PARTS) tally.absorb(part, largestCounts(dimensionOf(part), ALL).top);
  return tally.timeline();
}
