import { toObject } from '../../model/event/object-view.ts';
import type { Instant } from '../../model/time.ts';

/** Sums of a run's work over all lanes, under the reference's names. */
export const REPORT_COUNTERS = [
  'evcount_all',
  'evcount_rep',
  'evcount_new',
  'evcount_rlp',
  'evcount_flt',
  'evcount_flt_blk',
  'evcount_thr',
  'evcount_thr_blk',
] as const;

export type ReportCounter = (typeof REPORT_COUNTERS)[number];

export interface ReportAnalysis extends Readonly<Record<ReportCounter, number>> {
  /** Summaries and extras. */
  readonly report_count: number;
  readonly summary_ids: readonly string[];
  readonly extra_ids: readonly string[];
  readonly mails_to: readonly string[];
  /** Groups with reports. */
  readonly abuse_groups: readonly string[];
}

/** The evaluation of one runlog; durations in seconds. */
export interface Analysis {
  readonly label: string;
  /** Whole seconds since the start. */
  readonly age: number;
  readonly result: string;
  readonly command: string;
  readonly errors: readonly string[];
  readonly dur_run: number;
  readonly durations: Readonly<Record<string, number>>;
  readonly dur_pre: number;
  readonly dur_proc: number;
  readonly dur_post: number;
  /** How much of the run was its work, per cent. */
  readonly effectivity: number;
  /** Absent when the run came to nothing. */
  readonly report?: ReportAnalysis;
}

/**
 * Analyses a runlog, of ours or of the reference. Nothing in it is taken for granted: what is missing or of the wrong type counts as 0
 * or as empty.
 */
export function analyse(runlog: Readonly<Record<string, unknown>> | object, now: Instant): Analysis {
  const log = runlog as Readonly<Record<string, unknown>>;
  const marks = objects(log['time_marks']).map(
    (mark) => [text(mark['ident']), number(mark['time'])] as const,
  );
  const durations = durationsOf(marks);
  const of = (...stages: string[]): number =>
    stages.reduce((sum, stage) => sum + (durations.get(stage) ?? 0), 0);
  const dur_run = marks.length === 0 ? 0 : micros(marks.at(-1)![1] - marks[0]![1]);
  const dur_proc = of('process');
  const report = toObject(log['report']);
  return {
    label: text(log['ts_str']),
    age: Math.floor(now / 1000 - number(log['ts'])),
    result: text(log['result']),
    command: text(log['command']) || text(log['operation']) || 'unknown',
    errors: texts(log['errors']),
    dur_run,
    durations: Object.fromEntries(durations),
    dur_pre: of('configure', 'check', 'setup'),
    dur_proc,
    dur_post: of('evaluate', 'teardown'),
    effectivity: dur_run === 0 ? 0 : (dur_proc / dur_run) * 100,
    ...(report === undefined ? {} : { report: analyseReport(report) }),
  };
}

/** What is left of a difference of two times beyond that is noise. */
function micros(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

function durationsOf(marks: readonly (readonly [ident: string, time: number])[]): Map<string, number> {
  const starts = new Map<string, number>();
  const durations = new Map<string, number>();
  for (const [ident, time] of marks) {
    const [, stage, at] = /^stage_(.+)_(start|stop)$/.exec(ident) ?? [];
    if (stage === undefined) continue;
    const start = starts.get(stage);
    if (at === 'start') starts.set(stage, time);
    else if (start !== undefined) durations.set(stage, micros(time - start));
  }
  return durations;
}

function analyseReport(report: Readonly<Record<string, unknown>>): ReportAnalysis {
  const reports = toObject(report['reports']) ?? {};
  // Ours keep the sums, because they list only lanes that had something to say.
  const sums = toObject(report['counters']);
  const counters = new Map(REPORT_COUNTERS.map((name) => [name, number(sums?.[name])]));
  const [summaries, extras]: [string[], string[]] = [[], []];
  const [mailsTo, groups] = [new Set<string>(), new Set<string>()];
  // One group at a time, because the entries of the current run are created on access.
  for (const group of Object.keys(reports)) {
    for (const lane of objects(Object.values(toObject(reports[group]) ?? {}))) {
      const labels = [texts([lane['summary_id']]), texts(lane['extra_id'])] as const;
      summaries.push(...labels[0]);
      extras.push(...labels[1]);
      if (labels.some((some) => some.length > 0)) groups.add(group);
      for (const address of texts(lane['mail_to'])) mailsTo.add(address);
      if (sums === undefined)
        for (const [name, sum] of counters) counters.set(name, sum + number(lane[name]));
    }
  }
  return {
    ...(Object.fromEntries(counters) as Record<ReportCounter, number>),
    report_count: summaries.length + extras.length,
    summary_ids: summaries,
    extra_ids: extras,
    mails_to: [...mailsTo],
    abuse_groups: [...groups],
  };
}

/** Minimum, maximum and arithmetic mean over several runs; zeros where there are none. */
export interface Extremes {
  readonly min: number;
  readonly max: number;
  readonly avg: number;
}

export function extremesOf(values: readonly number[]): Extremes {
  if (values.length === 0) return { min: 0, max: 0, avg: 0 };
  const sum = values.reduce((total, value) => total + value, 0);
  const least = values.reduce((a, b) => Math.min(a, b));
  return { min: least, max: values.reduce((a, b) => Math.max(a, b)), avg: sum / values.length };
}

function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((member): member is string => typeof member === 'string') : [];
}

function objects(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(toObject).filter((member) => member !== undefined) : [];
}
