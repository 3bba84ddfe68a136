import type { Settings } from '../../model/group/group.ts';
import type { Part, ReportRecord } from '../../model/report.ts';
import type { Printed } from '../content/sections.ts';
import type { Reader } from './words.ts';

export interface ChartFacts {
  readonly alt: string;
  readonly width: number;
  readonly height: number;
}

/** Everything a mail is made of. */
export interface MailModel {
  readonly record: Omit<ReportRecord, 'subject' | 'message'>;
  readonly settings: Pick<Settings, 'template'> & Reader;
  readonly printed: Printed;
  /** Reported events. */
  readonly events: Readonly<Record<Part, number>>;
  /** Distinct sources. */
  readonly sources: number;
  /** The recipient gets the summary that an extra report is a part of. */
  readonly summaryMailed: boolean;
  /** Test and redirected mails are marked in the subject. */
  readonly mark: 'test' | 'redirected' | undefined;
  /** A picture goes with the mail; what it shows in words, and its size in pixels. */
  readonly chart: ChartFacts | undefined;
  /** Replaces the subject; a mark still stands before it. */
  readonly subject: string | undefined;
}
