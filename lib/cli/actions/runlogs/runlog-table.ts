import { cell, type Output } from '../../output.ts';
import type { Analysis, ReportAnalysis, ReportCounter } from '../../../observe/runlog/analysis.ts';

/** The columns of what runs reported, in the reference's order. */
export const REPORT_COLUMNS = [
  'Processed',
  'Reported',
  'New',
  'Relapsed',
  'Filtered',
  'Thresholded',
  'Reports',
] as const;

const SHOWN: readonly (ReportCounter | 'report_count')[] = [
  'evcount_all',
  'evcount_rep',
  'evcount_new',
  'evcount_rlp',
  'evcount_flt_blk',
  'evcount_thr_blk',
  'report_count',
];

/** A run's numbers under {@link REPORT_COLUMNS}; zeros for a run without a report. */
export function reportNumbers({ report }: Analysis): number[] {
  return SHOWN.map((name) => report?.[name] ?? 0);
}

/** Names that a list shows; the runlog has all of them. */
const MOST_NAMES = 1_000;

/** Lists of what a run reported, each only when there is something in it. */
export function showReportLists(report: ReportAnalysis, output: Output): void {
  const lists: [string, readonly string[]][] = [
    ['Groups', report.abuse_groups],
    ['Summary reports', report.summary_ids],
    ['Extra reports', report.extra_ids],
    ['Mail destinations', report.mails_to],
  ];
  for (const [what, names] of lists) showList(what, names, output);
}

export function showList(what: string, names: readonly string[], output: Output): void {
  if (names.length === 0) return;
  output.line(`${what}:`);
  for (const name of names.slice(0, MOST_NAMES)) output.line(`  \u2013 ${cell(name)}`);
  if (names.length > MOST_NAMES) output.line(`  … and ${names.length - MOST_NAMES} more`);
}
