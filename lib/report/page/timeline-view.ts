import type { Timeline } from '../../model/report.ts';
import { widened } from '../content/timeline.ts';
import type { Words } from '../render/words.ts';

// When the reported events took place, as the numbers of an SVG picture and of the table beside it.

/** Bars of the picture, and units of its height. */
const BARS = 96;
export const HEIGHT = 100;
/** Units of the width one bar has, the gap to the next included. */
export const STEP = 10;

export interface TimeBarView {
  readonly x: number;
  /** Events that are new stand on the ground, those that go on above them. */
  readonly regular: { readonly y: number; readonly height: number } | null;
  readonly relapsed: { readonly y: number; readonly height: number } | null;
  readonly start: string;
  readonly count: string;
}

export interface TimelineView {
  readonly bars: readonly TimeBarView[];
  readonly width: number;
  readonly height: number;
  readonly first: string;
  readonly last: string;
  readonly largest: string;
  /** What a screen reader says of the picture. */
  readonly summary: string;
  readonly has_relapsed: boolean;
  /** Bars with events, for the table. */
  readonly rows: readonly { readonly start: string; readonly regular: string; readonly relapsed: string }[];
}

/** Null when there is nothing to draw. */
export function timelineView(timeline: Timeline | undefined, words: Words): TimelineView | null {
  if (timeline === undefined) return null;
  const { buckets, end } = widened(timeline, BARS, words.offset);
  const largest = Math.max(0, ...buckets.map(({ regular, relapsed }) => regular + relapsed));
  if (largest === 0) return null;
  const local = (instant: number): string => words.time(instant).replace(/ \(.*\)$/, '');
  /** A bar of few events beside one of many is still to be seen. */
  const heightOf = (count: number): number =>
    count === 0 ? 0 : Math.max(2, Math.round((count / largest) * (HEIGHT - 4)));
  const bars = buckets.map(({ start, regular, relapsed }, i): TimeBarView => {
    const [low, high] = [heightOf(regular), heightOf(relapsed)];
    return {
      x: i * STEP,
      regular: low === 0 ? null : { y: HEIGHT - low, height: low },
      relapsed: high === 0 ? null : { y: Math.max(0, HEIGHT - low - high), height: high },
      start: local(start),
      count: words.number(regular + relapsed),
    };
  });
  const busiest = buckets.findIndex(({ regular, relapsed }) => regular + relapsed === largest);
  const span = { first: local(buckets[0]!.start), last: local(end) };
  return {
    bars,
    width: buckets.length * STEP,
    height: HEIGHT,
    ...span,
    largest: words.number(largest),
    summary: words.t('page.timeline_summary', {
      ...span,
      count: largest,
      busiest: local(buckets[busiest]!.start),
    }),
    has_relapsed: buckets.some(({ relapsed }) => relapsed > 0),
    rows: buckets
      .filter(({ regular, relapsed }) => regular + relapsed > 0)
      .map(({ start, regular, relapsed }) => ({
        start: local(start),
        regular: words.number(regular),
        relapsed: words.number(relapsed),
      })),
  };
}
