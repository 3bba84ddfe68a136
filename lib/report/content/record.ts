import type { Part, ReportFile, ReportRecord, Statistics, Timeline } from '../../model/report.ts';
import { formatInstant } from '../../model/time.ts';
import type { WrittenEntry } from '../../scratch/port.ts';
import { messageId } from './label.ts';
import { recordEntries } from './placed-entries.ts';
import type { ReportRequest } from '../request.ts';

/** What the summary and the extra reports of a lane differ in. */
export interface Outline {
  readonly label: string;
  readonly type: ReportRecord['type'];
  readonly parent: string | null;
  readonly children: string[];
  /** Of an extra report. */
  readonly source: string | null;
  readonly mailed: boolean;
  readonly counts: Partial<ReportRequest['lane']['counts']>;
  readonly filtering: Readonly<Record<string, number>>;
  readonly statistics: Statistics;
  readonly timeline: Timeline;
  /** Reported events. */
  readonly events: Readonly<Record<Part, number>>;
  /** Distinct sources. */
  readonly sources: number;
  readonly extraLeftOut: number;
  /** Entries to choose the record's from: at least those with most events. */
  readonly largestEntries: Iterable<WrittenEntry>;
  readonly entries: number;
}

/** A record without its mail. */
export type Draft = Omit<ReportRecord, 'subject' | 'message'>;

export function draftRecord(
  request: ReportRequest,
  outline: Outline,
  files: readonly ReportFile[],
  maxEntries: number,
): Draft {
  const { lane, wanted } = request;
  const { from, to, cutFrom } = lane.window;
  const { kept, regular, relapsed } = recordEntries(outline.largestEntries, maxEntries);
  return {
    label: outline.label,
    type: outline.type,
    severity: lane.severity,
    group: lane.group.name,
    track: request.track,
    parent: outline.parent,
    children: outline.children,
    source: outline.source,
    run: request.run,
    createtime: formatInstant(request.createtime),
    dt_from: formatInstant(from),
    dt_to: formatInstant(to),
    delta: Math.round((to - from) / 1000),
    ...(cutFrom === undefined ? {} : { dt_cut_from: formatInstant(cutFrom) }),
    flag_testdata: request.testData,
    flag_mailed: outline.mailed,
    mail_to: outline.mailed ? [...wanted.mailTo] : [],
    message_id: messageId(outline.label, wanted.domain),
    ...outline.counts,
    statistics: outline.statistics,
    timeline: outline.timeline,
    filtering: { ...outline.filtering },
    filter_faults: [...lane.filterProblems],
    structured_data: {
      timezone: lane.group.settings.timezone,
      regular,
      relapsed,
      entries_left_out: outline.entries - kept,
    },
    extra_left_out: outline.extraLeftOut,
    files: [...files],
  };
}
