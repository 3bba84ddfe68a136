import { SEVERITIES, type Severity } from '../../model/severity.ts';
import type { Words } from '../render/words.ts';
import type { PageFacts } from './page-facts.ts';
import { timeView } from './section-rows.ts';

// What the templates of the two kinds of index can use: the reports of a day, and all days.

/** Reports on one page. */
export const INDEX_ROWS = 5_000;

/** The pages of one day's folder, newest first. */
export interface DayIndex {
  /** `YYYYMMDD` */
  readonly day: string;
  readonly reports: readonly PageFacts[];
}

export interface DaySum {
  readonly day: string;
  readonly reports: number;
  readonly events: number;
  readonly severities: Readonly<Record<Severity, number>>;
}

/** All days, newest first, and the newest reports. */
export interface TopIndex {
  readonly days: readonly DaySum[];
  readonly newest: readonly PageFacts[];
}

export function indexPageView(index: DayIndex | TopIndex, words: Words): Record<string, unknown> {
  const top = 'days' in index;
  const reports = top ? index.newest : index.reports;
  const shown = reports.slice(0, INDEX_ROWS);
  const leftOut = reports.length - shown.length;
  return {
    title: top ? words.t('page.index.title') : words.t('page.index.day', { day: dayText(index.day) }),
    heading: words.t(top ? 'page.index.newest' : 'page.index.reports'),
    top,
    days: top ? index.days.map((sum) => dayView(sum, words)) : [],
    reports: shown.map((facts) => reportRow(facts, top, words)),
    left_out: leftOut === 0 ? null : words.t('page.index.left_out', { count: leftOut }),
    empty: shown.length === 0,
    // For the next index to start from: JSON that cannot end the element it is in.
    data: JSON.stringify(index).replaceAll('<', '\\u003c'),
  };
}

function reportRow(facts: PageFacts, top: boolean, words: Words): Record<string, unknown> {
  const page = `${encodeURIComponent(facts.label)}.html`;
  return {
    label: facts.label,
    href: top ? `${dayOfLabel(facts.label)}/${page}` : page,
    to: timeView(facts.to, words),
    group: facts.group,
    severity: facts.severity,
    severity_name: words.t(`severity.${facts.severity}.title`),
    severity_rank: SEVERITIES.indexOf(facts.severity),
    type_name: words.t(`page.type.${facts.type}`),
    source: facts.source === null ? '' : words.source(facts.source),
    events: words.number(facts.events),
    events_number: facts.events,
  };
}

function dayView({ day, reports, events, severities }: DaySum, words: Words): Record<string, unknown> {
  return {
    day: dayText(day),
    href: `${day}/index.html`,
    reports: words.number(reports),
    reports_number: reports,
    events: words.number(events),
    events_number: events,
    severities: [...SEVERITIES]
      .reverse()
      .filter((severity) => severities[severity] > 0)
      .map((severity) => ({
        severity,
        severity_name: words.t(`severity.${severity}.title`),
        count: words.number(severities[severity]),
      })),
  };
}

/** The day a label bears, which is the folder its files lie in. */
export function dayOfLabel(label: string): string {
  return label.slice(1, 9);
}

function dayText(day: string): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}
