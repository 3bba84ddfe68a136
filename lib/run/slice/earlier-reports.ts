import type { EarlierReport, EarlierReports } from '../../report/request.ts';
import type { ReportStore, ReportSummary } from '../../store/port.ts';

/**
 * Finds the mail that reported a problem before: the extra report on its source, of the lane's run that set the threshold; else the summary
 * of that run. Reports that were not mailed do not count.
 * @param lane its key
 * @param reportedBy the run that set the threshold of a class and source
 */
export function earlierReports(
  store: Pick<ReportStore, 'ofRun'>,
  lane: string,
  reportedBy: (eventClass: string, source: string) => string | undefined,
): EarlierReports {
  const known = new Map<string, Promise<readonly ReportSummary[]>>();
  return async (eventClass, source): Promise<EarlierReport | undefined> => {
    const run = reportedBy(eventClass, source);
    if (run === undefined) return undefined;
    let reports = known.get(run);
    if (reports === undefined) known.set(run, (reports = store.ofRun({ lane, run })));
    const mailed = (await reports).filter((report) => report.flag_mailed);
    const found =
      mailed.find((report) => report.type === 'extra' && report.source === source) ??
      mailed.find((report) => report.type === 'summary');
    return found === undefined
      ? undefined
      : { label: found.label, messageId: found.message_id, to: Date.parse(found.dt_to) };
  };
}
