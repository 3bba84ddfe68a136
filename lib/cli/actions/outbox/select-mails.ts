import type { Config } from '../../../config/keys/index.ts';
import { UserError } from '../../../model/user-error.ts';
import type { OutboxRow } from '../../../store/port.ts';

/** Whether a mail is one of those that `--label`, `--recipient` and `--state` name; what is not given selects all. */
export function isSelected(row: OutboxRow, { label, recipient, state }: Config): boolean {
  const recipients = recipient?.map((address) => address.toLowerCase());
  return (
    (label?.includes(row.label) ?? true) &&
    (recipients?.includes(row.recipient.toLowerCase()) ?? true) &&
    (state?.includes(row.state) ?? true)
  );
}

/** @throws UserError (usage) when nothing selects: changing every mail is never meant */
export function requireSelection({ label, recipient, state, action }: Config): void {
  if (label !== undefined || recipient !== undefined || state !== undefined) return;
  throw new UserError(
    {
      what: `--action ${action} without a selection`,
      where: 'command line',
      expected: '--label, --recipient or --state',
      hint: '--action outbox-list shows all mails',
    },
    { usage: true },
  );
}

/** A mail for programs: instants are ISO texts, UTC. */
export function mailObject(row: OutboxRow): Readonly<Record<string, unknown>> {
  const { label, number, recipient, state, way, attempt, next, since, reply, reason } = row;
  const iso = (instant: number | undefined) =>
    instant === undefined ? null : new Date(instant).toISOString();
  return {
    ...{ label, number, recipient, state, transport: way, attempt },
    next: iso(next),
    since: iso(since),
    reply: reply ?? null,
    reason: reason ?? null,
  };
}
