import type { EarlierReport, EarlierReports } from '../../report/request.ts';
import type { OutboxStore, ReportStore, ReportSummary } from '../../store/port.ts';

/**
 * Finds the mail that reported a problem before: the extra report on its source, of the lane's run that set the threshold; else the summary
 * of that run. Reports that were not mailed, or whose mails reached nobody, do not count.
 * @param lane its key
 * @param reportedBy the run that set the threshold of a class and source
 */
export function earlierReports(
  store: { readonly reports: Pick<ReportStore, 'ofRun'>; readonly outbox: Pick<OutboxStore, 'ofReport'> },
  lane: string,
  reportedBy: (eventClass: string, source: string) => string | undefined,
): EarlierReports {
  const known = new Map<string, Promise<readonly ReportSummary[]>>();
  return async (eventClass, source): Promise<EarlierReport | undefined> => {
    const run = reportedBy(eventClass, source);
    if (run === undefined) return undefined;
    let reports = known.get(run);
    if (reports === undefined) known.set(run, (reports = store.reports.ofRun({ lane, run })));
    const mailed = (await reports).filter((report) => report.flag_mailed);
    const candidates = [
      ...mailed.filter((report) => report.type === 'extra' && report.source === source),
      ...mailed.filter((report) => report.type === 'summary'),
    ];
    for (const { label, message_id, dt_to } of candidates) {
      const mails = await store.outbox.ofReport({ lane, run }, label);
      if (mails.some(({ state }) => state !== 'failed' && state !== 'dropped'))
        return { label, messageId: message_id, to: Date.parse(dt_to) };
    }
    return undefined;
  };
}
