import { formatCount } from '../../../model/text/format.ts';
import type { OutboxState } from '../../../store/port.ts';
import type { Action } from '../action.ts';
import { isSelected, mailObject, requireSelection } from './select-mails.ts';

/** States that a mail can be sent again from; what was sent is not, and what a process is sending is its own. */
const RETRIED: ReadonlySet<OutboxState> = new Set(['deferred', 'ambiguous', 'failed', 'dropped']);

/** Queues the selected mails again, whole, for the next run to send. Their time until they are given up begins anew. */
export const outboxRetry: Action = async ({ configuration: { config }, output, store: open, now }) => {
  requireSelection(config);
  const { outbox } = await open();
  let queued = 0;
  for (const row of await outbox.list()) {
    if (!isSelected(row, config) || !RETRIED.has(row.state)) continue;
    const change = { state: 'queued', next: now, since: undefined, reason: undefined, stripped: 0 } as const;
    if (!(await outbox.change(row, change))) continue;
    queued++;
    output.object(mailObject({ ...row, ...change }));
  }
  output.line(`${formatCount(queued, 'mail')} queued; the next run sends ${queued === 1 ? 'it' : 'them'}`);
  return queued > 0;
};
