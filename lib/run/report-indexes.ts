import type { Log } from './ports.ts';
import type { LaneOutcome } from '../model/lane.ts';
import { dayOf } from '../model/time.ts';
import { messageOf } from '../model/user-error.ts';
import type { RunOptions } from './run-options.ts';

/**
 * Writes the indexes of the report pages of a run, when it writes pages. Never rejects: the reports themselves stand.
 * @returns what failed, one line each
 */
export async function writeReportIndexes(
  { report, forced }: RunOptions,
  outcomes: readonly LaneOutcome[],
  log: Log,
): Promise<string[]> {
  const days = new Set(outcomes.filter(({ result }) => result === 'reported').map(({ to }) => dayOf(to)));
  if (report.pages !== true || days.size === 0) return [];
  const reader = { locale: forced.locale ?? 'en', timezone: forced.timezone ?? 'UTC' };
  try {
    const { loadCatalogue } = await import('../report/render/catalogue.ts');
    const { createPages } = await import('../report/page/pages.ts');
    const { writeIndexes } = await import('../report/page/write-indexes.ts');
    const pages = createPages(report, loadCatalogue(report.eventClasses));
    await writeIndexes(report.reportsDir, days, (index) => pages.index(index, reader));
    return [];
  } catch (error) {
    log.exception('the index of reports cannot be written', error);
    return [`the index of reports cannot be written: ${messageOf(error)}`];
  }
}
