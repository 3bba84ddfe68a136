import { htmlPart } from '../../mail/html-part.ts';
import type { ReportRecord } from '../../model/report.ts';
import { UserError } from '../../model/user-error.ts';
import { loadCatalogue } from '../../report/render/catalogue.ts';
import { withPictures } from '../../report/page/mail-html.ts';
import { createPages, type PageReader } from '../../report/page/pages.ts';
import { loadGroups } from '../../config/groups/groups.ts';
import { reportOptionsOf } from '../../config/options.ts';
import { cell } from '../output.ts';
import type { Action, ActionContext } from './action.ts';

/** One report by its label: the mail's text for people, the whole record for programs, or everything as a page. */
export const reportView: Action = async (context) => {
  const { configuration, output, store: open } = context;
  const { config } = configuration;
  const label = config.input;
  if (label === undefined) {
    throw new UserError(
      { what: 'no report named', where: '--input', expected: 'a label, see --action reports-list' },
      { usage: true },
    );
  }
  const record = await (await open()).reports.get(label);
  if (record === undefined)
    throw new UserError({
      what: 'no report with this label',
      where: '--input',
      got: label,
      hint: 'see --action reports-list',
    });
  if (config.output === 'html') output.page(await pageOf(record, context));
  output.object(record);
  for (const line of record.message.replace(/\n$/, '').split('\n')) output.line(cell(line));
  return true;
};

async function pageOf(record: ReportRecord, context: ActionContext): Promise<string> {
  const report = reportOptionsOf(context.configuration);
  const { reports, outbox } = await context.store();
  const pages = createPages(report, loadCatalogue(report.eventClasses));
  // The mail may have been deleted; the record still has its text.
  const mail = await htmlPart(outbox.message(record.run, record.label));
  const html = mail === undefined ? undefined : withPictures(mail.html, mail.pictures);
  const page = { record, entries: reports.entries(record.label), html, beside: false };
  return pages.report(page, await readerOf(record, context));
}

/** The language is the group's, the zone the one the report was made for, unless the command line says otherwise. */
async function readerOf(record: ReportRecord, { configuration, store }: ActionContext): Promise<PageReader> {
  const { force_locale: locale, force_timezone: timezone } = configuration.config;
  const { groups } = await loadGroups(configuration.config, store);
  const group = groups.find(({ name }) => name === record.group);
  return {
    locale: locale ?? group?.settings.locale ?? 'en',
    timezone: timezone ?? record.structured_data.timezone,
  };
}
