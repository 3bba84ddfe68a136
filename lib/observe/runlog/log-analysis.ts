import type { Log } from '../../run/ports.ts';
import { formatDuration, formatPercent } from '../../model/text/format.ts';
import type { Analysis } from './analysis.ts';

/** Names that one line of the log takes; the runlog has all of them. */
const MOST_NAMES = 100;

/** The evaluation of a run, to its log: how long it took, and what it made, as far as it made something. */
export function logAnalysis(analysis: Analysis, log: Log): void {
  const { dur_run, dur_proc, effectivity, report } = analysis;
  log.info(
    `run time ${formatDuration(dur_run)}, of it work ${formatDuration(dur_proc)}: effectivity ${formatPercent(effectivity).trim()} %`,
  );
  if (report === undefined) return;
  const lists: [string, readonly string[]][] = [
    ['groups with reports', report.abuse_groups],
    ['summary reports', report.summary_ids],
    ['extra reports', report.extra_ids],
    ['destinations', report.mails_to],
  ];
  for (const [what, names] of lists) {
    if (names.length === 0) continue;
    const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
    log.info(`${what} (${names.length}): ${names.slice(0, MOST_NAMES).join(', ')}${more}`);
  }
}
