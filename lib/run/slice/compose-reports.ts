import type { FinishedReport } from '../../../stages/report-sink.ts';
import { domainOf } from '../../mail/address.ts';
import { envelopeSender, fromMailbox } from '../../mail/identity.ts';
import { composeMessage } from '../../mail/message.ts';
import { addressesOf, recipientsOf, type Recipients } from '../../mail/recipients.ts';
import { cutAttachments } from '../../mail/cut-attachments.ts';
import { textOnly } from '../../mail/text-only.ts';
import { withoutAttachments } from '../../mail/without-attachments.ts';
import { makesExtras, type Group } from '../../model/group/group.ts';
import type { Lane } from '../../model/lane.ts';
import type { ReportRecord } from '../../model/report.ts';
import { showValue } from '../../model/user-error.ts';
import { CHART_ID } from '../../report/render/mail-view.ts';
import type { PreparedReport } from '../../report/request.ts';
import { strippedNote, type StrippedForm } from '../../report/render/stripped-note.ts';
import type { OutboxRow, Store } from '../../store/port.ts';
import type { OutboxEntry } from '../../store/pending-rows.ts';
import type { RunContext } from '../run-context.ts';
import { earlierReports } from './earlier-reports.ts';

/**
 * The reports of a lane with their mails and outbox rows, one at a time. Rejects when mail is to be sent and nobody can receive it.
 * @param reportedBy the run that set the threshold of a class and source
 */
export async function* composeReports(
  lane: Lane,
  context: RunContext,
  reportedBy: (eventClass: string, source: string) => string | undefined,
): AsyncGenerator<FinishedReport> {
  const { options, reports, run, clock, log, scratch, store } = context;
  const { group } = lane;
  const { mode, mute } = group.settings;
  const mailSummary = !mute && (mode === 'summary' || mode === 'both');
  const mailExtra = !mute && makesExtras(mode);
  const recipients = mailSummary || mailExtra ? recipientsOf(group, options.mail) : undefined;
  for (const text of recipients?.refused ?? [])
    log.warning(`group ${group.name}: ${showValue(text)} is no mail address: nobody there gets its reports`);
  const prepared = reports.prepare(
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
      track: options.track,
      testData: options.testData,
      run,
      adHoc: options.mode !== 'regular',
      earlier: earlierReports(store, lane.key, reportedBy),
      createtime: clock(),
      wanted: {
        extras: makesExtras(mode),
        mailSummary,
        mailExtra,
        mailTo: recipients?.intended ?? [],
        mark: recipients?.mark,
        subject: options.mail.subject,
        domain: domainOf(fromMailbox(options.mail).address),
      },
    },
    scratch,
  );
  for await (const report of prepared) yield withMail(report, lane, recipients, context);
}

function withMail(
  report: PreparedReport,
  lane: Lane,
  recipients: Recipients | undefined,
  context: RunContext,
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
    options: context.options.mail,
    attachments,
    date: lane.window.to,
    autoSubmitted: lane.group.settings.autoSubmitted,
  });
  return { record, entryParts, message, outbox: outboxEntries(record, recipients, context) };
}

function outboxEntries(
  record: ReportRecord,
  recipients: Recipients,
  { options, clock, way }: RunContext,
): OutboxEntry[] {
  const sender = envelopeSender(options.mail);
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

/** A stored message in a smaller form, with a note in the language of its group: sent when the whole one was too big. */
export function strippedMessage(
  {
    run,
    label,
    stripped,
    room,
  }: Pick<OutboxRow, 'run' | 'label' | 'stripped'> & { readonly room: number | undefined },
  from: {
    readonly store: Store;
    readonly groups: readonly Group[];
    readonly localesDir: string | undefined;
  },
): AsyncIterable<Uint8Array> {
  const { store, groups, localesDir } = from;
  const open = () => store.outbox.message(run, label);
  const note = (form: StrippedForm) => async (names: readonly string[]) => {
    const record = await store.reports.get(label);
    const group = groups.find(({ name }) => name === record?.group);
    return strippedNote(localesDir, group?.settings.locale ?? 'en', { form, label, names });
  };
  if (stripped === 3) return cutAttachments(open, room, note('stripped_cut'));
  if (stripped === 1) return withoutAttachments(open(), note('stripped'));
  return textOnly(open(), () => note('stripped_text')([]));
}
