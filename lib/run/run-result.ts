import { formatCount } from '../model/text/format.ts';
import { laneIdentity } from '../../stages/lane-outcome.ts';
import type { LaneOutcome } from '../model/lane.ts';
import { RunCounters } from '../model/run-counters.ts';
import type { Instant } from '../model/time.ts';
import { messageOf } from '../model/user-error.ts';
import { groupBy } from '../model/group-by.ts';
import type { MailDelivery } from './mail-delivery.ts';
import type { PlannedLane } from './plan/plan.ts';
import type { SliceResult } from './slice/slice.ts';

/** The result of a run. */
export interface RunResult {
  readonly run: string;
  readonly to: Instant;
  /** In the order lanes are processed. */
  readonly outcomes: readonly LaneOutcome[];
  /** What was read, and what left before it reached a lane. */
  readonly events: Readonly<Record<string, number>>;
  /** Mails that were tried, per state they are in now. */
  readonly mails: Readonly<Record<string, number>>;
  /** Where mails went, for people. */
  readonly mailPlace: string;
  /** What failed, one line each. */
  readonly failures: readonly string[];
  /** False: exit code 1. */
  readonly ok: boolean;
}

/** Combines the outcome of every lane, processed or not, and what failed. */
export function createRunResult(run: {
  readonly planned: readonly PlannedLane[];
  readonly results: readonly SliceResult[];
  readonly end: unknown;
  readonly mails: MailDelivery;
  readonly to: Instant;
  readonly run: string;
  /** Failures after the last slice. */
  readonly lateFailures: readonly string[];
}): RunResult {
  const { planned, results, mails, to } = run;
  const processed = new Map(
    results.flatMap((result) => result.outcomes).map((outcome) => [outcome.lane, outcome]),
  );
  const outcomes = planned.map((lane) => processed.get(lane.key) ?? unprocessed(lane));
  const failures = [
    ...(run.end === undefined ? [] : [messageOf(run.end)]),
    ...results.flatMap((result) => result.problems),
    ...failedLanes(outcomes),
    ...[...new Set(outcomes.flatMap((outcome) => outcome.problems ?? []))].map(
      (problem) => `${problem} ${UNFILTERED}`,
    ),
    ...mails.failures,
    ...run.lateFailures,
  ];
  const ok = failures.length === 0 && mails.totals['failed'] === 0 && !mails.needsOperator;
  const events = RunCounters.sum(results.flatMap((result) => result.tallies));
  return { run: run.run, to, outcomes, events, mails: mails.totals, mailPlace: mails.place, failures, ok };
}

const UNFILTERED = '(the filter is skipped: the group is processed without it)';

/** Lanes that failed alike and are named one by one; more of them share one line. */
const MAX_NAMED = 3;

/** Which lanes failed, and why. */
function failedLanes(outcomes: readonly LaneOutcome[]): string[] {
  const byError = groupBy(
    outcomes.filter(({ result }) => result === 'failed'),
    ({ error = 'failed' }) => error,
    ({ lane }) => lane,
  );
  return [...byError].flatMap(([error, lanes]) =>
    lanes.length <= MAX_NAMED
      ? lanes.map((lane) => `${lane}: ${error}`)
      : [`${lanes[0]!} and ${formatCount(lanes.length - 1, 'more lane')}: ${error}`],
  );
}

function unprocessed(lane: PlannedLane): LaneOutcome {
  return { ...laneIdentity(lane), result: lane.due ? 'standing' : 'skipped-too-soon' };
}
