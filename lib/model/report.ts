import type { EventCounts } from './lane-counters.ts';
import type { Track } from './lane.ts';
import type { Severity } from './severity.ts';

export const REPORT_TYPES = ['summary', 'extra'] as const;
export type ReportType = (typeof REPORT_TYPES)[number];

/** Regular: new in this window. Relapsed: suppressed earlier, reported now. */
export const PARTS = ['regular', 'relapsed'] as const;
export type Part = (typeof PARTS)[number];

/** A set of values cut at a bound, with the number that was left out. Numbers are in rising order, texts by code point. */
export interface ValueSet {
  values: (string | number)[];
  left_out?: number;
  /** There were too many to count: `left_out` is the least number of them. */
  at_least?: boolean;
}

/** What one detector (name of the last node) said of a class and source. Absent members are 0 or empty. */
export interface DetectorData {
  main_numeric_data: Record<string, number>;
  main_list_data: Record<string, ValueSet>;
  source_numeric_data: Record<string, number>;
  source_list_data: Record<string, ValueSet>;
  target_numeric_data: Record<string, number>;
  target_list_data: Record<string, ValueSet>;
}

/** What is known of one event class and one source. Times are ISO texts, UTC. */
export interface Entry {
  first_time: string;
  last_time: string;
  event_count: number;
  /** Relapsed part of an extra report: label of the report that named the problem before. */
  reference?: string;
  detector_data: Record<string, DetectorData>;
}

/** class -> source -> entry */
export type EntriesByClass = Record<string, Record<string, Entry>>;

/** One entry with its place in the report. */
export interface PlacedEntry {
  readonly part: Part;
  readonly class: string;
  readonly source: string;
  readonly entry: Entry;
}

/** value -> number of events */
export type Dimension = Record<string, number>;

/** Statistics over all reported events: scalars, and one {@link Dimension} per name, cut to the top 99 (999) with `__REST__`. */
export interface Statistics {
  cnt_alerts: number;
  cnt_events: number;
  cnt_recurring: number;
  cnt_unique: number;
  [dimension: string]: number | Dimension;
}

/**
 * When the reported events took place: number of events by the start of a bucket (ISO text, UTC), rising, buckets without events missing.
 * An event counts at its first time, the earlier of `EventTime` (else `DetectTime`) and `CeaseTime`, or at its storage time where the first
 * time is later or more than 7 days earlier.
 */
export interface Timeline {
  /** Seconds: how wide every bucket is. Buckets begin at whole multiples of it since the epoch. */
  width: number;
  regular: Record<string, number>;
  relapsed: Record<string, number>;
}

/** A file written beside the record, and whether the mail carries it. */
export interface ReportFile {
  name: string;
  kind: 'json' | 'csv' | 'xarf';
  /** Bytes, as the file lies on disk. */
  size: number;
  /** Events it holds or speaks of. */
  events: number;
  attached: boolean;
  /** Why the mail does not carry it. `cut`: it carries a copy with fewer events, see `cut_of`. `too-big`: not even one event has room. */
  left_out?: 'too-big' | 'cut';
  /** Of a cut copy: the file that has all events. */
  cut_of?: string;
}

/** One stored report, under the reference's names. Instants are ISO texts, UTC. */
export interface ReportRecord extends Partial<EventCounts> {
  label: string;
  type: ReportType;
  severity: Severity;
  group: string;
  track: Track;
  /** Label of the summary an extra report belongs to. */
  parent: string | null;
  /** Labels of the extra reports that belong to a summary. */
  children: string[];
  /** The source an extra report is about. */
  source: string | null;
  run: string;
  createtime: string;
  dt_from: string;
  dt_to: string;
  /** Seconds. */
  delta: number;
  /** Where the window would have begun had it not been cut to 31 days. */
  dt_cut_from?: string;
  flag_testdata: boolean;
  /** True when mails were written for it; what became of them stands in the outbox. */
  flag_mailed: boolean;
  /** Intended recipients. */
  mail_to: string[];
  subject: string;
  /** The mail's text. */
  message: string;
  message_id: string;
  statistics: Statistics;
  timeline: Timeline;
  /** Filter name -> events of which it removed a source. */
  filtering: Record<string, number>;
  /** Filters that could not be used, each as one line. */
  filter_faults: string[];
  structured_data: {
    timezone: string;
    regular: EntriesByClass;
    relapsed: EntriesByClass;
    /** Entries that stand only in the entry documents, because the record holds no more than `report_max_sources`. */
    entries_left_out: number;
  };
  /** Sources of a summary that got no extra report because of `max_extra_reports`. */
  extra_left_out: number;
  files: ReportFile[];
  /** Classes of an extra report that got no X-ARF document of their own, because there are too many; absent when all got one. */
  xarf_left_out?: number;
}
