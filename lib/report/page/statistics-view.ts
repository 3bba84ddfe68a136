import type { Dimension, Statistics } from '../../model/report.ts';
import { byCodePoint } from '../../model/event/object-view.ts';
import { REST } from '../content/entry.ts';
import type { Words } from '../render/words.ts';

// The statistics of a report as lists of bars.

/** Values that are shown at once, and those that can be unfolded. */
const FIRST = 8;
const MOST = 100;
/** Dimensions in the order they are shown. */
const ORDER = [
  'classes',
  'sources',
  'targets',
  'categories',
  'category_sets',
  'detectors',
  'analyzers',
  'detectorsws',
  'asns',
  'countries',
  'abuses',
  'tlps',
];

export interface BarView {
  readonly name: string;
  readonly count: string;
  /** Thousandths of the largest. */
  readonly width: number;
  /** The sum of all values that are not listed. */
  readonly rest: boolean;
}

export interface DimensionView {
  readonly name: string;
  readonly first: readonly BarView[];
  readonly more: {
    readonly title: string;
    readonly bars: readonly BarView[];
    readonly left_out: string | null;
  } | null;
}

/** The dimensions of which something is known. */
export function statisticsView(statistics: Statistics, words: Words): DimensionView[] {
  return ORDER.flatMap((key) => {
    const dimension = statistics[key];
    return typeof dimension !== 'object' || isUnknown(dimension)
      ? []
      : [dimensionView(key, dimension, words)];
  });
}

function isUnknown(dimension: Dimension): boolean {
  return Object.keys(dimension).every((value) => value === '__unknown__');
}

function dimensionView(key: string, dimension: Dimension, words: Words): DimensionView {
  const values = Object.entries(dimension).sort(
    ([a, countA], [b, countB]) =>
      Number(a === REST) - Number(b === REST) || countB - countA || byCodePoint(a, b),
  );
  const largest = Math.max(1, ...values.filter(([value]) => value !== REST).map(([, count]) => count));
  const bars = values.map(([value, count]): BarView => ({
    name: value === REST || value === '__unknown__' ? words.t(`page.value.${value}`) : words.name(value),
    count: words.number(count),
    width: Math.min(1000, Math.round((count / largest) * 1000)),
    rest: value === REST,
  }));
  const more = bars.slice(FIRST, MOST);
  const leftOut = Math.max(0, bars.length - MOST);
  return {
    name: words.t(`page.dimension.${key}`),
    first: bars.slice(0, FIRST),
    more:
      more.length === 0
        ? null
        : {
            title: words.t('page.more_values', { count: more.length }),
            bars: more,
            left_out: leftOut === 0 ? null : words.t('page.values_left_out', { count: leftOut }),
          },
  };
}
