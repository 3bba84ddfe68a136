import type { PlacedEntry, ReportRecord } from '../../model/report.ts';
import type { Catalogue } from '../render/catalogue.ts';
import { manyLines, oneLine } from '../render/plain.ts';
import type { Words } from '../render/words.ts';
import { countersView } from './counters-view.ts';
import { EntriesTable, fileDownloads, recordDownload } from './downloads.ts';
import { entriesCsvHead, entriesCsvRow } from './entries-csv.ts';
import { PageEntries } from './page-entries.ts';
import { pageFacts } from './page-facts.ts';
import { partSections, timeView } from './section-rows.ts';
import { statisticsView } from './statistics-view.ts';
import { timelineView } from './timeline-view.ts';

export interface ReportPage {
  readonly record: ReportRecord;
  /** All the store holds. */
  readonly entries: AsyncIterable<PlacedEntry> | Iterable<PlacedEntry>;
  /** The mail as HTML, when it is known. */
  readonly html: string | undefined;
  /** The page lies beside the report's files and the pages of its kin, so that it can link to them. */
  readonly beside: boolean;
}

/** Recipients, children and hits that a page lists. */
const LISTED = 200;

/** What the template of a report's page can use. Every name is always there. */
export async function reportPageView(
  { record, entries, html, beside }: ReportPage,
  catalogue: Catalogue,
  words: Words,
  locale: string,
): Promise<Record<string, unknown>> {
  const { t } = words;
  const gathered = new PageEntries();
  const table = new EntriesTable(entriesCsvHead());
  for await (const placed of entries) {
    gathered.add(placed);
    table.add(entriesCsvRow(placed));
  }
  const shown = gathered.result();
  const leftOut = shown.total - shown.shown;
  const link = (label: string) => ({ label, href: beside ? `${encodeURIComponent(label)}.html` : null });
  return {
    // Escaped so that it holds neither quotes nor anything that HTML would read.
    facts: encodeURIComponent(JSON.stringify(pageFacts(record))),
    label: record.label,
    // The label stands beside it.
    subject: oneLine(record.subject.replace(`[${record.label}] `, '')),
    severity: record.severity,
    severity_name: t(`severity.${record.severity}.title`),
    expected: record.flag_testdata ? t('page.test_data') : t(`severity.${record.severity}.short`),
    test: record.flag_testdata || record.track !== 'live',
    type_name: t(`page.type.${record.type}`),
    group: oneLine(record.group),
    source: record.source === null ? null : words.source(record.source),
    from: timeView(record.dt_from, words),
    to: timeView(record.dt_to, words),
    cut_from: record.dt_cut_from === undefined ? null : timeView(record.dt_cut_from, words),
    created: timeView(record.createtime, words),
    run: oneLine(record.run),
    message_id: record.message_id,
    parent: record.parent === null ? null : link(record.parent),
    children: list(record.children, link, words),
    mailed: record.flag_mailed,
    mail_to: list(record.mail_to, oneLine, words),
    reported: words.number(record.evcount_rep ?? 0),
    sources: t('page.entries', { count: shown.total }),
    counters: countersView(record, words),
    filtering: list(
      Object.entries(record.filtering),
      ([name, hits]) => ({
        name: oneLine(name),
        hits: words.number(hits),
        hits_number: hits,
      }),
      words,
    ),
    filter_faults: list(record.filter_faults, oneLine, words),
    timeline: timelineView(record.timeline, words),
    parts: partSections(shown, catalogue, words, locale),
    entries_left_out:
      leftOut === 0 ? null : t('page.entries_left_out', { count: leftOut, shown: words.number(shown.shown) }),
    dimensions: statisticsView(record.statistics, words),
    message: manyLines(record.message),
    html: html ?? null,
    downloads: [recordDownload(record, words), table.view(record.label, words)],
    files: fileDownloads(record, beside, words),
    beside,
    zone: words.t('page.zone', { zone: record.structured_data.timezone }),
  };
}

/** The first of a long list, and how many more there are. */
function list<T, U>(
  all: readonly T[],
  view: (one: T) => U,
  words: Words,
): { readonly items: readonly U[]; readonly any: boolean; readonly more: string | null } {
  const more = all.length - LISTED;
  return {
    items: all.slice(0, LISTED).map(view),
    any: all.length > 0,
    more: more > 0 ? words.t('page.more', { count: more }) : null,
  };
}
