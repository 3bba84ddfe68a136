import { formatDuration, formatPercent } from '../../../model/text/format.ts';
import { cell } from '../../output.ts';
import { analyse } from '../../../observe/runlog/analysis.ts';
import { selectedRunlog } from './runlog-files.ts';
import { REPORT_COLUMNS, reportNumbers, showList, showReportLists } from './runlog-table.ts';
import type { Action } from '../action.ts';

/**
 * Analyses a runlog, that of `--input` or the newest one. For programs one object: `file`, and the analysis under the names of
 * runlog/analysis.ts (durations in seconds, effectivity in per cent); nothing when there is no runlog.
 */
export const runlogView: Action = async (context) => {
  const { output, now } = context;
  const found = selectedRunlog(context);
  if (found === undefined) return true;
  const analysis = analyse(found.runlog, now);
  output.object({ file: found.file, ...analysis });
  output.line(output.colors.bold(`Runlog ${cell(found.file)}`));
  await output.table(
    [],
    [
      ['Label', analysis.label],
      ['Runtime', formatDuration(analysis.dur_run)],
      ['Effectivity', `${formatPercent(analysis.effectivity)} %`],
      ['Age', formatDuration(analysis.age)],
      ['Command', analysis.command],
      ['Errors', analysis.errors.length],
      ['Result', analysis.result],
    ],
  );
  showList('Errors', analysis.errors, output);
  if (analysis.command !== 'report') return true;
  await output.table(REPORT_COLUMNS, [reportNumbers(analysis)]);
  if (analysis.report !== undefined) showReportLists(analysis.report, output);
  return true;
};
