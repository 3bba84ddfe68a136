import { LaneCounters, type EventCounts } from '../../model/lane-counters.ts';
import { RESULTS, type LaneOutcome, type LaneResult, type Track } from '../../model/lane.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import { groupBy } from '../../model/group-by.ts';
import { maskText } from '../../model/text/mask.ts';
import type { RunResult } from '../../run/run-result.ts';

/** What a runlog says of one lane. */
export interface LaneEntry extends Partial<EventCounts> {
  /** Seconds since the epoch, and ISO, UTC; null for a replay without events. */
  readonly ts_from: number | null;
  readonly ts_to: number | null;
  readonly ts_from_s: string | null;
  readonly ts_to_s: string | null;
  readonly result: LaneResult;
  readonly error?: string;
  /** Events per filter that took something away from them. */
  readonly filtering?: Readonly<Record<string, number>>;
  readonly summary_id?: string;
  readonly extra_id?: readonly string[];
  readonly mail_to?: readonly string[];
}

/** What a runlog says of the work. Its size is bounded by the lanes that had something to say. */
export interface ReportPart {
  readonly run: string;
  readonly track: Track;
  /** By group and severity: lanes that were reported or failed, and those that another reporter was faster with. */
  readonly reports: Readonly<Record<string, Readonly<Record<string, LaneEntry>>>>;
  /** Lanes per result, all of them. */
  readonly lanes: Readonly<Record<LaneResult, number>>;
  /** Lanes that were due and had no turn: the first 1,000. */
  readonly standing: readonly string[];
  /** Sums over all lanes, also those that are not listed. */
  readonly counters: Readonly<Record<string, number>>;
  /** Events that were read, and those that left before they reached a lane, by reason. */
  readonly events: Readonly<Record<string, number>>;
  /** Mails that were tried, by the state they are in now. */
  readonly mails: Readonly<Record<string, number>>;
  readonly mail_place: string;
}

const MOST_STANDING = 1_000;
const COUNTERS = Object.keys(new LaneCounters().counts()) as (keyof EventCounts)[];

export function reportPart(result: RunResult, track: Track): ReportPart {
  const { run, outcomes, events, mails, mailPlace } = result;
  const lanes = Object.fromEntries(RESULTS.map((name) => [name, 0])) as Record<LaneResult, number>;
  const counters: Partial<EventCounts> = {};
  for (const outcome of outcomes) {
    lanes[outcome.result]++;
    for (const name of COUNTERS) {
      const count = outcome[name];
      if (count !== undefined) counters[name] = (counters[name] ?? 0) + count;
    }
  }
  const standing = outcomes.filter((outcome) => outcome.result === 'standing');
  return {
    run,
    track,
    reports: reportsOf(outcomes.filter(hasSomethingToSay)),
    lanes,
    standing: standing.slice(0, MOST_STANDING).map((outcome) => outcome.lane),
    counters,
    events,
    mails,
    mail_place: maskText(mailPlace),
  };
}

/** Entries by group, created on access: tens of thousands of them would take twice the memory of their outcomes. */
function reportsOf(listed: readonly LaneOutcome[]): ReportPart['reports'] {
  const reports = {};
  const byGroup = groupBy(
    listed,
    ({ group }) => group,
    (outcome) => outcome,
  );
  for (const [group, outcomes] of byGroup) {
    const get = () => Object.fromEntries(outcomes.map((outcome) => [outcome.severity, entryOf(outcome)]));
    // A group may be called anything, also `__proto__`.
    Object.defineProperty(reports, group, { get, enumerable: true });
  }
  return reports;
}

function hasSomethingToSay({ result, error }: LaneOutcome): boolean {
  return (
    result === 'reported' || result === 'failed' || (result === 'skipped-too-soon' && error !== undefined)
  );
}

function countersOf(outcome: LaneOutcome): Partial<EventCounts> {
  const told = COUNTERS.filter((name) => outcome[name] !== undefined);
  return Object.fromEntries(told.map((name) => [name, outcome[name]]));
}

function entryOf(outcome: LaneOutcome): LaneEntry {
  const { from, to, result, error, filtering, summaryId, extraIds, mailTo } = outcome;
  return {
    ts_from: seconds(from),
    ts_to: seconds(to),
    ts_from_s: iso(from),
    ts_to_s: iso(to),
    result,
    ...countersOf(outcome),
    ...(error === undefined ? {} : { error: maskText(error) }),
    ...(filtering === undefined ? {} : { filtering }),
    ...(summaryId === undefined ? {} : { summary_id: summaryId }),
    ...(extraIds === undefined ? {} : { extra_id: extraIds }),
    ...(mailTo === undefined ? {} : { mail_to: mailTo }),
  };
}

function seconds(instant: Instant): number | null {
  return Number.isFinite(instant) ? Math.floor(instant / 1000) : null;
}

function iso(instant: Instant): string | null {
  return Number.isFinite(instant) ? formatInstant(instant) : null;
}
