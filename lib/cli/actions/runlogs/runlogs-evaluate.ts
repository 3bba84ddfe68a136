import { formatDuration, formatPercent } from '../../../model/text/format.ts';
import { analyse, extremesOf, type Analysis } from '../../../observe/runlog/analysis.ts';
import { findRunlogs, readFound, printFound } from './runlog-files.ts';
import { REPORT_COLUMNS, reportNumbers } from './runlog-table.ts';
import type { Action } from '../action.ts';

/**
 * Analyses all runlogs, newest first, with minimum, maximum and average. For programs `{"directory","count","limit"}`, an analysis a line
 * as `runlog-view` gives it, and last `{"min_dur_run","max_dur_run","avg_dur_run","min_dur_proc",…,"avg_effectivity"}` (seconds, per cent).
 */
export const runlogsEvaluate: Action = async (context) => {
  const { output, now } = context;
  const found = findRunlogs(context);
  printFound(found, context);
  const analyses: Analysis[] = [];
  for (const { file, runlog } of readFound(found, context)) {
    const analysis = analyse(runlog, now);
    output.object({ file, ...analysis });
    analyses.push(analysis);
  }
  if (analyses.length === 0) return true;
  const extremes = {
    dur_run: extremesOf(analyses.map((one) => one.dur_run)),
    dur_proc: extremesOf(analyses.map((one) => one.dur_proc)),
    effectivity: extremesOf(analyses.map((one) => one.effectivity)),
  };
  output.object(flat(extremes));
  await output.table(
    ['Date', 'Age', 'Runtime', 'Process', 'E [%]', 'Errors', 'Command', 'Result'],
    analyses.map((one) => [
      one.label,
      formatDuration(one.age),
      formatDuration(one.dur_run),
      formatDuration(one.dur_proc),
      formatPercent(one.effectivity),
      one.errors.length,
      one.command,
      one.result,
    ]),
  );
  await output.table(
    ['', 'Runtime', 'Process', 'E [%]'],
    WORDS.map(([which, word]) => [
      word,
      formatDuration(extremes.dur_run[which]),
      formatDuration(extremes.dur_proc[which]),
      formatPercent(extremes.effectivity[which]),
    ]),
  );
  await output.table(
    ['Date', ...REPORT_COLUMNS],
    analyses.map((one) => [one.label, ...reportNumbers(one)]),
  );
  return true;
};

const WORDS = [
  ['min', 'Minimum'],
  ['max', 'Maximum'],
  ['avg', 'Average'],
] as const;

function flat(extremes: Readonly<Record<string, ReturnType<typeof extremesOf>>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(extremes).flatMap(([what, values]) =>
      WORDS.map(([which]) => [`${which}_${what}`, values[which]] as const),
    ),
  );
}
