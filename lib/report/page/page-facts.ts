import { REPORT_TYPES, type ReportRecord, type ReportType } from '../../model/report.ts';
import { SEVERITIES, type Severity } from '../../model/severity.ts';
import { LABEL } from '../content/label.ts';
import { cutText, oneLine } from '../render/plain.ts';

/** What an index says of a report; it stands at the beginning of the report's page, where the index is made from. */
export interface PageFacts {
  readonly label: string;
  readonly type: ReportType;
  readonly severity: Severity;
  readonly group: string;
  readonly source: string | null;
  /** End of the window, ISO, UTC. */
  readonly to: string;
  readonly events: number;
}

const TEXT_LIMIT = 160;

export function pageFacts(record: ReportRecord): PageFacts {
  const { label, type, severity, source } = record;
  return {
    label,
    type,
    severity,
    group: cutText(oneLine(record.group), TEXT_LIMIT),
    source: source === null ? null : cutText(oneLine(source), TEXT_LIMIT),
    to: record.dt_to,
    events: record.evcount_rep ?? 0,
  };
}

/** Reads what {@link pageFacts} wrote, out of a file that anybody may have changed; undefined when it is not that. */
export function readPageFacts(value: unknown): PageFacts | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { label, type, severity, group, source, to, events } = value as Partial<PageFacts>;
  const known =
    typeof label === 'string' &&
    LABEL.test(label) &&
    REPORT_TYPES.some((one) => one === type) &&
    SEVERITIES.some((one) => one === severity) &&
    typeof group === 'string' &&
    (source === null || typeof source === 'string') &&
    typeof to === 'string' &&
    !Number.isNaN(Date.parse(to)) &&
    Number.isSafeInteger(events);
  return known ? ({ label, type, severity, group, source, to, events } as PageFacts) : undefined;
}
