import type { LaneOutcome } from '../model/lane.ts';
import { formatCount } from '../model/text/format.ts';
import { formatInstant } from '../model/time.ts';
import { cell, type Output } from './output.ts';
import type { RunOptions } from '../run/run-options.ts';
import type { RunResult } from '../run/run-result.ts';

/** The columns of a run's table, in the order in which events leave the stream. */
export const COUNT_COLUMNS = [
  'New',
  'Outside',
  'Filtered',
  'Suppressed',
  'Relapsed',
  'Reported',
  'Mails',
] as const;

/** A lane's numbers under {@link COUNT_COLUMNS}. */
export function countsOf(lane: LaneOutcome): number[] {
  const { evcount_new, evcount_net, evcount_flt_blk, evcount_thr_blk, evcount_rlp, evcount_rep, mails } =
    lane;
  return [evcount_new, evcount_net, evcount_flt_blk, evcount_thr_blk, evcount_rlp, evcount_rep, mails].map(
    (count) => count ?? 0,
  );
}

/**
 * Prints the result of a run: its lanes, the totals, failures, and lanes that were not processed.
 * @param show.all also lanes without events
 */
export async function printRun(
  result: RunResult,
  options: RunOptions,
  output: Output,
  show: { all: boolean },
): Promise<void> {
  if (output.json) {
    for (const lane of result.outcomes) output.object(laneObject(lane));
    output.object(summaryObject(result));
  }
  const shown = result.outcomes.filter((lane) => show.all || hasNews(lane));
  if (shown.length > 0) {
    await output.table(
      ['Group', 'Severity', ...COUNT_COLUMNS, 'Result'],
      shown.map((lane) => [lane.group, lane.severity, ...countsOf(lane), lane.result]),
    );
  }
  output.line(`run ${result.run}: ${sentence(result)}`);
  if (options.mode !== 'regular')
    output.line('This run was ad hoc: it suppressed nothing and remembers nothing. --regular does both.');
  for (const failure of result.failures) output.line(`${output.colors.red('failed:')} ${cell(failure)}`);
  printPending(result, options, output);
  const waiting = (result.mails['deferred'] ?? 0) + (result.mails['ambiguous'] ?? 0);
  if (waiting > 0)
    output.line(
      `${formatCount(waiting, 'mail waits', 'mails wait')}; a later run tries again, first after 5 minutes.`,
    );
}

/** Lanes named on one line; JSON output has all of them. */
const MOST_NAMES = 20;

/** Prints which lanes were not processed, because they failed or the run was ended before. */
function printPending({ outcomes }: RunResult, { mode }: RunOptions, output: Output): void {
  const notStarted = outcomes.filter((lane) => lane.result === 'standing').map((lane) => cell(lane.lane));
  if (notStarted.length > 0) {
    const more = notStarted.length > MOST_NAMES ? ` and ${notStarted.length - MOST_NAMES} more` : '';
    output.line(`not started: ${notStarted.slice(0, MOST_NAMES).join(', ')}${more}`);
  }
  const left = notStarted.length + outcomes.filter((lane) => lane.result === 'failed').length;
  if (left > 0 && mode === 'regular')
    output.line(
      `${formatCount(left, 'lane was', 'lanes were')} not processed; the next run continues where the last success ended.`,
    );
}

function hasNews(lane: LaneOutcome): boolean {
  return lane.result === 'reported' || lane.result === 'failed' || countsOf(lane).some((count) => count > 0);
}

function sentence({ outcomes, events, mails, mailPlace }: RunResult): string {
  const lanes = { reported: 0, 'skipped-no-events': 0, 'skipped-too-soon': 0, failed: 0, standing: 0 };
  for (const { result } of outcomes) lanes[result]++;
  const parts = [
    `${formatCount(outcomes.length, 'lane')}: ${lanes.reported} reported`,
    `${lanes['skipped-no-events']} without events`,
    `${lanes['skipped-too-soon']} too soon`,
    `${lanes.failed} failed`,
    ...(lanes.standing === 0 ? [] : [`${lanes.standing} not started`]),
  ];
  return `${parts.join(', ')}; events: ${listed(events)}; mails: ${listed(mails)}, by ${mailPlace}`;
}

function listed(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function laneObject({ summaryId, extraIds, mailTo, from, to, problems, ...rest }: LaneOutcome): unknown {
  return {
    ...rest,
    faults: problems,
    from: iso(from),
    to: iso(to),
    summary_id: summaryId,
    extra_id: extraIds,
    mail_to: mailTo,
  };
}

function summaryObject({ run, to, ok, events, mails, failures, outcomes }: RunResult): unknown {
  // The window of a replay is known only from its lanes.
  return { run, to: iso(outcomes[0]?.to ?? to), ok, lanes: outcomes.length, events, mails, failures };
}

/** A replay without events has no bounds. */
function iso(instant: number): string | null {
  return Number.isFinite(instant) ? formatInstant(instant) : null;
}
