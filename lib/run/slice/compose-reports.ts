import type { FinishedReport } from '../../../stages/report-sink.ts';
import { domainOf } from '../../mail/address.ts';
import { envelopeSender, fromMailbox } from '../../mail/identity.ts';
import { composeMessage } from '../../mail/message.ts';
import type { MailOptions } from '../../mail/options.ts';
import { addressesOf, recipientsOf, type Recipients } from '../../mail/recipients.ts';
import { withoutAttachments } from '../../mail/without-attachments.ts';
import { makesExtras, type Group } from '../../model/group/group.ts';
import type { Lane, Track } from '../../model/lane.ts';
import type { ReportRecord } from '../../model/report.ts';
import type { Instant } from '../../model/time.ts';
import { CHART_ID } from '../../report/render/mail-view.ts';
import type { PreparedReport, Reports } from '../../report/reports.ts';
import type { EarlierReports } from '../../report/request.ts';
import { strippedNote } from '../../report/render/stripped-note.ts';
import type { Scratch } from '../../scratch/port.ts';
import type { Store } from '../../store/port.ts';
import type { OutboxEntry } from '../../store/pending-rows.ts';

export interface ReportingDeps {
  readonly reports: Reports;
  readonly mail: MailOptions;
  readonly run: string;
  readonly track: Track;
  readonly testData: boolean;
  readonly adHoc: boolean;
  readonly earlier: EarlierReports;
  readonly scratch: Scratch;
  readonly clock: () => Instant;
  /** The way this run's mails go. */
  readonly way: string;
  /** Told of what is written as a recipient and is no address that can be served. */
  readonly onRefused: (group: Group, text: string) => void;
}

/** The reports of a lane with their mails and outbox rows, one at a time. Rejects when mail is to be sent and nobody can receive it. */
export async function* composeReports(lane: Lane, deps: ReportingDeps): AsyncGenerator<FinishedReport> {
  const { group } = lane;
  const { mode, mute } = group.settings;
  const mailSummary = !mute && (mode === 'summary' || mode === 'both');
  const mailExtra = !mute && makesExtras(mode);
  const recipients = mailSummary || mailExtra ? recipientsOf(group, deps.mail) : undefined;
  for (const text of recipients?.refused ?? []) deps.onRefused(group, text);
  const prepared = deps.reports.prepare(
    {
      lane: {
        group,
        severity: lane.severity,
        window: lane.window,
        counts: lane.counters.counts(),
        filtering: Object.fromEntries(lane.filtering ?? []),
        filterProblems: lane.problems,
        number: lane.index,
      },
      track: deps.track,
      testData: deps.testData,
      run: deps.run,
      adHoc: deps.adHoc,
      earlier: deps.earlier,
      createtime: deps.clock(),
      wanted: {
        extras: makesExtras(mode),
        mailSummary,
        mailExtra,
        mailTo: recipients?.intended ?? [],
        mark: recipients?.mark,
        subject: deps.mail.subject,
        domain: domainOf(fromMailbox(deps.mail).address),
      },
    },
    deps.scratch,
  );
  for await (const report of prepared) yield finished(report, lane, recipients, deps);
}

function finished(
  report: PreparedReport,
  lane: Lane,
  recipients: Recipients | undefined,
  deps: ReportingDeps,
): FinishedReport {
  const { record, files } = report;
  const entryParts = () => report.entryParts();
  if (!record.flag_mailed || recipients === undefined)
    return { record, entryParts, message: undefined, outbox: [] };
  const attachments = files
    .filter(({ file }) => file.attached)
    .map(({ path, file }) => ({ path, name: file.name }));
  const pictures = report.chart === undefined ? [] : [{ id: CHART_ID, bytes: report.chart }];
  const message = composeMessage({
    record,
    references: report.references,
    html: report.html,
    pictures,
    recipients,
    options: deps.mail,
    attachments,
    date: lane.window.to,
  });
  return { record, entryParts, message, outbox: outboxEntries(record, recipients, deps) };
}

function outboxEntries(
  record: ReportRecord,
  recipients: Recipients,
  { mail, clock, way }: ReportingDeps,
): OutboxEntry[] {
  const sender = envelopeSender(mail);
  const next = clock();
  return addressesOf(recipients).map((recipient, i) => ({
    label: record.label,
    number: i + 1,
    recipient,
    sender,
    way,
    next,
  }));
}

/** A stored message without its attachments, which says so in the language of its group: what goes out when the whole one was too big. */
export function strippedMessage(
  run: string,
  label: string,
  {
    store,
    groups,
    localesDir,
  }: {
    readonly store: Store;
    readonly groups: readonly Group[];
    readonly localesDir: string | undefined;
  },
): AsyncIterable<Uint8Array> {
  return withoutAttachments(store.outbox.message(run, label), async (names) => {
    const record = await store.reports.get(label);
    const group = groups.find(({ name }) => name === record?.group);
    return strippedNote(localesDir, group?.settings.locale ?? 'en', label, names);
  });
}
