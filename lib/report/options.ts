import type { XarfParties } from './xarf/documents.ts';

/** How reports are made, beyond what a group says. */
export interface ReportOptions {
  /** Folder of record files: `<YYYYMMDD>/<label>.json` below it. */
  readonly reportsDir: string;
  /** Every report is also written as an HTML page: `<YYYYMMDD>/<label>.html`. */
  readonly pages?: boolean;
  /** The operator's templates, looked into before the shipped ones. */
  readonly templatesDir: string | undefined;
  /** The operator's event classes, a JSON file over the shipped one. */
  readonly eventClasses?: string | undefined;
  /** Who X-ARF documents come from; without it none are made. */
  readonly xarf?: {
    readonly parties: () => XarfParties;
    /** The operator's types, a JSON file over the shipped one. */
    readonly typesFile: string | undefined;
  };
  /** Free variables for templates: `contact_email`, `admin_email`, `report_access_url`, … */
  readonly templateVars: Readonly<Record<string, unknown>>;
  /** Entries inside a record; all of them stand in the entry documents. */
  readonly reportMaxSources: number;
  /** Extra reports a lane. */
  readonly maxExtraReports: number;
}
