import { formatInstant } from '../../../model/time.ts';
import { formatCount } from '../../../model/text/format.ts';
import type { Action } from '../action.ts';
import { isSelected, mailObject } from './select-mails.ts';

/** Mails by `--label`, `--recipient` and `--state`, newest first, and how many there are in each state. */
export const outboxList: Action = async ({ configuration: { config }, output, store: open }) => {
  const selected = (await (await open()).outbox.list()).filter((row) => isSelected(row, config));
  const rows = config.limit === undefined || config.limit === 0 ? selected : selected.slice(0, config.limit);
  for (const row of rows) output.object(mailObject(row));
  if (rows.length > 0) {
    await output.table(
      ['Label', 'Recipient', 'State', 'Attempts', 'Next attempt', 'Reply', 'Reason'],
      rows.map((row) => [
        row.label,
        row.recipient,
        row.state,
        row.attempt,
        ['queued', 'deferred', 'ambiguous'].includes(row.state) ? formatInstant(row.next) : '',
        row.reply ?? '',
        row.reason ?? '',
      ]),
    );
  }
  output.line(formatCount(selected.length, 'mail'));
  return true;
};
