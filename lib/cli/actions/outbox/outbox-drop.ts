import { formatCount } from '../../../model/text/format.ts';
import { printable } from '../../../model/user-error.ts';
import type { OutboxRow, OutboxState, Store } from '../../../store/port.ts';
import type { Action } from '../action.ts';
import { isSelected, mailObject, requireSelection } from './select-mails.ts';

/** States that a mail can be dropped from: those in which nobody has received it. */
const DROPPED: ReadonlySet<OutboxState> = new Set(['queued', 'deferred', 'ambiguous', 'failed', 'dropped']);
/** States in which a mail has not reached its recipient and never will. */
const UNDELIVERED: ReadonlySet<OutboxState> = new Set(['failed', 'dropped']);

/**
 * Gives the selected mails up, with `--reason`. With `--forget` the thresholds that their reports have set end, unless another mail of the
 * same run of the lane was, or may be, received.
 */
export const outboxDrop: Action = async ({ configuration: { config }, output, store: open }) => {
  requireSelection(config);
  const store = await open();
  const all = await store.outbox.list();
  const dropped: OutboxRow[] = [];
  for (const row of all) {
    if (!isSelected(row, config) || !DROPPED.has(row.state)) continue;
    const change = { state: 'dropped', reason: config.reason ?? 'dropped by the operator' } as const;
    if (!(await store.outbox.change(row, change))) continue;
    dropped.push(row);
    output.object(mailObject({ ...row, ...change }));
  }
  output.line(`${formatCount(dropped.length, 'mail')} dropped`);
  if (!config.forget) return dropped.length > 0;
  const kept = await forget(dropped, store);
  for (const { label, lane } of kept)
    output.line(
      `${printable(lane)}: another mail of the run of ${label} was or may be received, so its thresholds stay`,
    );
  return dropped.length > 0 && kept.length === 0;
};

/** @returns one mail of each lane's run whose thresholds stay */
async function forget(dropped: readonly OutboxRow[], { outbox, journal }: Store): Promise<OutboxRow[]> {
  const kept: OutboxRow[] = [];
  const runs = new Map(dropped.map((row) => [JSON.stringify([row.lane, row.run]), row]));
  const now = await outbox.list();
  for (const row of runs.values()) {
    const { lane, run } = row;
    const own = now.filter((one) => one.lane === lane && one.run === run);
    if (own.every(({ state }) => UNDELIVERED.has(state))) await journal.forget({ lane, run });
    else kept.push(row);
  }
  return kept;
}
