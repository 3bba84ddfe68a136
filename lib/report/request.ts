import type { EventCounts } from '../model/lane-counters.ts';
import type { Group } from '../model/group/group.ts';
import type { Track, Window } from '../model/lane.ts';
import type { ReportFile, ReportRecord } from '../model/report.ts';
import type { Severity } from '../model/severity.ts';
import type { Instant } from '../model/time.ts';
import type { Scratch } from '../scratch/port.ts';

/** An earlier mail on the same problem. */
export interface EarlierReport {
  readonly label: string;
  readonly messageId: string;
  /** End of its window. */
  readonly to: Instant;
}

/** The mail that reported this class and source before it was suppressed; undefined when there is none. */
export type EarlierReports = (eventClass: string, source: string) => Promise<EarlierReport | undefined>;

/** What a lane hands over to have its reports made. Its events, entries and counts lie in the scratch. */
export interface ReportRequest {
  readonly lane: {
    /** Settings with the run's overrides applied. */
    readonly group: Group;
    readonly severity: Severity;
    readonly window: Readonly<Window>;
    readonly counts: EventCounts;
    readonly filtering: Readonly<Record<string, number>>;
    /** Filters that could not be used, each as one line. */
    readonly filterProblems: readonly string[];
    /** The lane's number in the scratch. */
    readonly number: number;
  };
  readonly track: Track;
  readonly testData: boolean;
  readonly run: string;
  readonly adHoc: boolean;
  readonly earlier: EarlierReports;
  readonly createtime: Instant;
  readonly wanted: {
    /** Extra records are made. */
    readonly extras: boolean;
    readonly mailSummary: boolean;
    readonly mailExtra: boolean;
    /** Intended recipients. */
    readonly mailTo: readonly string[];
    /** Mails that do not go where they would: marked in the subject. */
    readonly mark: 'test' | 'redirected' | undefined;
    /** Replaces the subject. */
    readonly subject: string | undefined;
    /** Domain of the sender. */
    readonly domain: string;
  };
}

export interface PreparedReport {
  readonly record: ReportRecord;
  /** Message-IDs of earlier mails on the same problems, oldest first. */
  readonly references: readonly string[];
  /** The mail's HTML; undefined when it goes as text only. */
  readonly html: string | undefined;
  /** The PNG that the HTML shows under {@link CHART_ID}. */
  readonly chart: Uint8Array | undefined;
  /** Absolute paths of the files written, attached ones first. */
  readonly files: readonly { readonly path: string; readonly file: ReportFile }[];
  /** Absolute path of the report's page; undefined when there is none. */
  readonly page: string | undefined;
  /** All entries, in parts of up to 500, each a JSON array of them. Good until the scratch is cleared. */
  entryParts(): Iterable<string>;
}

export interface Reports {
  /**
   * The lane's summary, its `children` filled, then its extra reports one at a time. Record files are written by the time a report is
   * handed over, and deleted again when the reports are not taken to the end. Rejects with a UserError when they cannot be written, or a
   * template or text is invalid.
   */
  prepare(request: ReportRequest, scratch: Scratch): AsyncGenerator<PreparedReport, void, undefined>;
}
