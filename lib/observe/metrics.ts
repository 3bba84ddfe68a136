import type { EventCounts } from '../model/lane-counters.ts';
import { RESULTS, type LaneOutcome } from '../model/lane.ts';
import { LANE_REASONS, RELAPSE_REASONS, type LaneReason, type RelapseReason } from '../model/reason.ts';
import { SEVERITIES, type Severity } from '../model/severity.ts';
import type { Instant } from '../model/time.ts';
import type { RunResult } from '../run/run-result.ts';
import { writeFileAtomically } from '../system/atomic-write.ts';

/** What the metrics of a run are made of. */
export interface MeasuredRun {
  readonly name: string;
  readonly shard: string | undefined;
  readonly start: Instant;
  readonly end: Instant;
  readonly success: boolean;
  /** Undefined when the run came to nothing. */
  readonly result: RunResult | undefined;
  /** Positions of lanes, by their keys in the state file, in seconds. */
  readonly state: Readonly<Record<string, number>>;
}

/** The counter behind each reason. */
const COUNTERS: Readonly<Record<LaneReason | RelapseReason, keyof EventCounts>> = {
  invalid: 'evcount_inv',
  'outside-networks': 'evcount_net',
  filtered: 'evcount_flt_blk',
  suppressed: 'evcount_thr_blk',
  passed: 'evcount_thr',
  relapsed: 'evcount_rlp',
  'relapse-filtered': 'evcount_rlp_flt',
  'relapse-gone': 'evcount_rlp_gone',
};

/**
 * Writes a Prometheus text file for the node exporter's textfile collector, whole or not at all. Only regular runs of the live track write
 * it, so that a trial never looks like the real thing: at their end, also when they failed. Every number is of that run; times are seconds
 * since the epoch, UTC. Every series has the reporter's name and shard as labels, so that several files can share a folder.
 * @throws UserError when it cannot be written
 */
export async function writeMetrics(path: string, run: MeasuredRun): Promise<void> {
  // Counts only, and the collector runs as another user.
  writeFileAtomically(path, await metricsText(run), 'the metrics file', 0o644);
}

export async function metricsText(run: MeasuredRun): Promise<string> {
  const { Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  registry.setDefaultLabels({ name: run.name, ...(run.shard === undefined ? {} : { shard: run.shard }) });
  for (const { name, help, label, values } of metricsOf(run)) {
    const gauge = new Gauge({
      name: `mentat_reporter_${name}`,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [registry],
    });
    for (const [of, value] of values) gauge.set(label === undefined ? {} : { [label]: of }, value);
  }
  return registry.metrics();
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly label?: string;
  /** By value of the label; under the empty text when there is no label. */
  readonly values: Iterable<readonly [of: string, value: number]>;
}

function metricsOf({ start, end, success, result, state }: MeasuredRun): Metric[] {
  const outcomes = result?.outcomes ?? [];
  const single = (value: number) => [['', value]] as const;
  return [
    {
      name: 'last_run_timestamp_seconds',
      help: 'When the last scheduled run ended.',
      values: single(end / 1000),
    },
    {
      name: 'last_run_success',
      help: '1 when everything that the last run was asked for was done.',
      values: single(success ? 1 : 0),
    },
    {
      name: 'run_duration_seconds',
      help: 'How long the last run took.',
      values: single((end - start) / 1000),
    },
    {
      name: 'last_success_timestamp_seconds',
      help: 'Up to when events of a severity were processed: the end of the latest window of any of its lanes.',
      label: 'severity',
      values: latestBySeverity(state),
    },
    {
      name: 'oldest_lane_lag_seconds',
      help: 'How far the lane of a severity that is the furthest behind was behind the clock.',
      label: 'severity',
      values: lags(outcomes, end),
    },
    {
      name: 'lanes',
      help: 'Lanes of the last run by result.',
      label: 'result',
      values: lanesByResult(outcomes),
    },
    {
      name: 'events_read',
      help: 'Events that the last run read; one whose groups are in several slices counts once in each.',
      values: single(result?.events['read'] ?? 0),
    },
    {
      name: 'events',
      help: 'Events of the last run by reason; an event counts once for each of its groups.',
      label: 'reason',
      values: eventsByReason(result),
    },
    {
      name: 'reports',
      help: 'Reports that the last run made.',
      label: 'type',
      values: [
        ['summary', sum(outcomes, ({ summaryId }) => (summaryId === undefined ? 0 : 1))],
        ['extra', sum(outcomes, ({ extraIds }) => extraIds?.length ?? 0)],
      ],
    },
    {
      name: 'mails',
      help: 'Mails that the last run tried to send, by outcome.',
      label: 'outcome',
      values: Object.entries(result?.mails ?? { sent: 0, deferred: 0, failed: 0, ambiguous: 0 }),
    },
  ];
}

function latestBySeverity(state: MeasuredRun['state']): Map<string, number> {
  const latest = new Map<string, number>();
  for (const [name, to] of Object.entries(state)) {
    const severity = SEVERITIES.find((one) => name.startsWith(`ts_last_${one}_`));
    if (severity !== undefined) latest.set(severity, Math.max(latest.get(severity) ?? -Infinity, to));
  }
  return latest;
}

/** A processed lane is at the end of its window, any other at the beginning. */
function lags(outcomes: readonly LaneOutcome[], end: Instant): Map<Severity, number> {
  const lags = new Map<Severity, number>();
  for (const { severity, result, from, to } of outcomes) {
    const place = result === 'reported' || result === 'skipped-no-events' ? to : from;
    lags.set(severity, Math.max(lags.get(severity) ?? 0, (end - place) / 1000));
  }
  return lags;
}

function lanesByResult(outcomes: readonly LaneOutcome[]): [string, number][] {
  return RESULTS.map((result) => [result, sum(outcomes, (outcome) => (outcome.result === result ? 1 : 0))]);
}

function eventsByReason(result: RunResult | undefined): [string, number][] {
  const inLanes = [...LANE_REASONS, ...RELAPSE_REASONS].map((reason): [string, number] => [
    reason,
    sum(result?.outcomes ?? [], (outcome) => outcome[COUNTERS[reason]] ?? 0),
  ]);
  const before = Object.entries(result?.events ?? {}).filter(
    ([name]) => name !== 'read' && name !== 'routed',
  );
  return [...before, ...inLanes];
}

function sum(outcomes: readonly LaneOutcome[], of: (outcome: LaneOutcome) => number): number {
  return outcomes.reduce((total, outcome) => total + of(outcome), 0);
}
