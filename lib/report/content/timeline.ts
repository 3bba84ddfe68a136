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
   * @param happened `EventTime`, else `DetectTime`
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

/**
 * A timeline from its first to its last bucket, empty ones included, as wide as it takes for at most `limit` of them.
 * @param offset what a reader's clock is ahead of UTC at an instant, in seconds: wide buckets begin with the hours and days of that clock,
 * as far as the narrow ones allow. Where it is changed, the one bucket is longer or shorter; those of up to an hour stay as wide as they are.
 */
export function widened(
  { width: narrow, regular, relapsed }: Timeline,
  limit: number,
  offset: (instant: Instant) => number = () => 0,
): { readonly width: number; readonly buckets: readonly Bucket[]; readonly end: Instant } {
  const starts = [...Object.keys(regular), ...Object.keys(relapsed)].map((start) => Date.parse(start));
  if (starts.length === 0) return { width: narrow, buckets: [], end: 0 };
  const [first, last] = [Math.min(...starts), Math.max(...starts)];
  const ahead = offset(first);
  const aheadAt = ahead % narrow !== 0 ? () => 0 : offset(last) === ahead ? () => ahead : offset;
  const clocks = new Map(starts.map((start) => [start, start + aheadAt(start) * 1000]));
  let level = 0;
  const numberOf = (start: Instant): number => {
    const clock = widthAt(level) > HOUR ? clocks.get(start)! : start + aheadAt(first) * 1000;
    return Math.floor(clock / (widthAt(level) * 1000));
  };
  // Where a clock goes back, the last bucket of the narrow ones need not be the last one of that clock.
  const range = (): [number, number] => {
    const numbers = [...clocks.keys()].map(numberOf);
    return [Math.min(...numbers), Math.max(...numbers)];
  };
  let [low, high] = range();
  while (widthAt(level) < narrow || high - low >= limit) {
    level++;
    [low, high] = range();
  }
  const width = widthAt(level);
  const beginOf = (number: number): Instant => {
    const clock = number * width * 1000;
    const near = clock - aheadAt(first) * 1000;
    return width > HOUR ? clock - aheadAt(near) * 1000 : near;
  };
  const sums = Array.from({ length: high - low + 1 }, (_, i) => ({
    start: beginOf(low + i),
    regular: 0,
    relapsed: 0,
  }));
  for (const [part, counts] of [
    ['regular', regular],
    ['relapsed', relapsed],
  ] as const) {
    for (const [start, count] of Object.entries(counts))
      sums[numberOf(Date.parse(start)) - low]![part] += count;
  }
  return { width, buckets: sums, end: beginOf(high + 1) };
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
