import type { Part, ReportRecord } from '../../model/report.ts';
import { inLanguage, type Catalogue } from '../render/catalogue.ts';
import { REST } from '../content/entry.ts';
import { cutText } from '../render/plain.ts';
import { widened } from '../content/timeline.ts';
import type { Words } from '../render/words.ts';
import { tickLabels } from './ticks.ts';

// What the chart of a report shows, in the reader's language: plain data, from which the picture and its description are made.

/** Bars over time, and kinds of problems, that a small picture has room for. */
const TIME_BARS = 42;
const CLASS_BARS = 5;
/** Characters of a kind of problem. */
const LABEL = 48;

export interface TimeBar {
  /** When it begins; empty for most. */
  readonly label: string;
  readonly regular: number;
  readonly relapsed: number;
}

export interface ChartModel {
  readonly locale: string;
  /** Undefined when all events lie in one bar. */
  readonly time:
    | {
        readonly title: string;
        /** How wide a bar is, and in what zone. */
        readonly note: string;
        readonly bars: readonly TimeBar[];
      }
    | undefined;
  /** Undefined when there is one kind only. */
  readonly classes:
    | { readonly title: string; readonly bars: readonly { readonly label: string; readonly count: number }[] }
    | undefined;
  readonly legend: Readonly<Record<Part, string>>;
  /** The same in words. */
  readonly alt: string;
}

/** The chart of a report; undefined when a picture would show no more than the text says. */
export function chartModel(
  record: Pick<ReportRecord, 'timeline' | 'statistics'>,
  locale: string,
  catalogue: Catalogue,
  words: Words,
): ChartModel | undefined {
  const { t } = words;
  const [time, timeAlt] = overTime(record.timeline, words);
  const [classes, classesAlt] = topClasses(record.statistics['classes'], locale, catalogue, words);
  if (time === undefined && classes === undefined) return undefined;
  return {
    locale,
    time,
    classes,
    legend: { regular: t('state.new'), relapsed: t('state.relapsed') },
    alt: [timeAlt, classesAlt].filter((text) => text !== undefined).join(' '),
  };
}

function overTime(timeline: ReportRecord['timeline'], words: Words): [ChartModel['time'], string?] {
  const { width, buckets, end } = widened(timeline, TIME_BARS, words.offset);
  if (buckets.length < 2) return [undefined];
  const { t } = words;
  const total = buckets.reduce((sum, { regular, relapsed }) => sum + regular + relapsed, 0);
  const most = buckets.reduce((a, b) => (b.regular + b.relapsed > a.regular + a.relapsed ? b : a));
  const span = words.span(width);
  const alt = t('chart.alt_time', {
    count: total,
    from: words.time(buckets[0]!.start),
    to: words.time(end),
    most: words.number(most.regular + most.relapsed),
    span,
    at: words.time(most.start),
  });
  const clocks = buckets.map(({ start }) => words.clock(start));
  const labels = tickLabels(clocks, width);
  const bars = buckets.map(({ regular, relapsed }, i) => ({ label: labels[i]!, regular, relapsed }));
  const note = t('chart.bar', { span, zone: words.zone });
  return [{ title: t('chart.time'), note, bars }, alt];
}

function topClasses(
  counts: ReportRecord['statistics'][string] | undefined,
  locale: string,
  catalogue: Catalogue,
  words: Words,
): [ChartModel['classes'], string?] {
  const named = Object.entries(typeof counts === 'object' ? counts : {}).filter(([name]) => name !== REST);
  if (named.length < 2) return [undefined];
  const { t } = words;
  const bars = named.slice(0, CLASS_BARS).map(([name, count]) => {
    const label = inLanguage(catalogue.find(name)?.label, locale);
    return { label: label ?? t('unclassified.heading', { name: words.name(name) }), count };
  });
  const list = bars.map(({ label, count }) => `${label} ${words.number(count)}`).join('; ');
  return [
    {
      title: t('chart.classes'),
      bars: bars.map(({ label, count }) => ({ label: cutText(label, LABEL), count })),
    },
    t('chart.alt_classes', { list }),
  ];
}
