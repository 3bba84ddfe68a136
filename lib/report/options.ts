import type { XarfParties } from './xarf/documents.ts';

export const MAIL_FORMATS = ['text', 'html', 'chart'] as const;
export type MailFormat = (typeof MAIL_FORMATS)[number];

/** How reports are made, beyond what a group says. */
export interface ReportOptions {
  /** Folder of record files: `<YYYYMMDD>/<label>.json` below it. */
  readonly reportsDir: string;
  /** Every report is also written as an HTML page: `<YYYYMMDD>/<label>.html`. */
  readonly pages?: boolean;
  /** The operator's templates, looked into before the shipped ones. */
  readonly templatesDir: string | undefined;
  /** The operator's languages and single texts, put over the shipped ones. */
  readonly localesDir?: string | undefined;
  /** The operator's event classes over the shipped ones: a JSON file, or a folder of them. */
  readonly eventClasses?: string | undefined;
  /** Who X-ARF documents come from; without it none are made. */
  readonly xarf?: {
    readonly parties: () => XarfParties;
    /** The operator's types, a JSON file over the shipped one. */
    readonly typesFile: string | undefined;
  };
  /** What mails consist of: the text alone, HTML beside it, or that with a chart. */
  readonly mailFormat?: MailFormat;
  /** Free variables for templates: `contact_email`, `admin_email`, `report_access_url`, … */
  readonly templateVars: Readonly<Record<string, unknown>>;
  /** Entries inside a record; all of them stand in the entry documents. */
  readonly reportMaxSources: number;
  /** Extra reports a lane. */
  readonly maxExtraReports: number;
}
