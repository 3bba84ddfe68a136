import { printable } from '../model/user-error.ts';
import type { OutboxRow } from '../store/port.ts';
import { REMEDIES } from './remedies.ts';
import type { Delivery } from './transport.ts';

const LINES_LIMIT = 1_000;

/** What became of mails, by the state each was left in. */
export interface DeliveryTotals {
  readonly sent: number;
  readonly deferred: number;
  readonly failed: number;
  /** Delivery is unknown; sent again later, or kept for a person. */
  readonly ambiguous: number;
  /** One line per failed or kept mail: label, recipient, reply, reason, what to do; the first 1,000. */
  readonly failures: readonly string[];
  /** Lines of earlier passes that no longer hold: what looked like a problem of the recipients is one of ours. */
  readonly withdrawn: readonly string[];
  /** Mails wait for the operator. */
  readonly needsOperator: boolean;
}

type Counted = 'sent' | 'deferred' | 'failed' | 'ambiguous';

/** Adds up one pass over the outbox. */
export class Tally implements DeliveryTotals {
  sent = 0;
  deferred = 0;
  failed = 0;
  ambiguous = 0;
  needsOperator = false;
  readonly failures: string[] = [];
  readonly withdrawn: string[] = [];

  count(state: Counted): void {
    this[state]++;
  }

  /** A mail that this or an earlier pass counted as failed waits after all. */
  withdraw(line: string): void {
    this.failed--;
    this.deferred++;
    const own = this.failures.indexOf(line);
    if (own >= 0) this.failures.splice(own, 1);
    else this.withdrawn.push(line);
  }

  addFailure(line: string): void {
    if (this.failures.length < LINES_LIMIT) this.failures.push(line);
  }
}

/** A mail that failed, for people: label, recipient, reply, reason, what to do. */
export function failureLine(
  row: OutboxRow,
  { reply, reason = 'refused' }: Pick<Delivery, 'reply' | 'reason'>,
): string {
  const remedy = REMEDIES[reason] ?? 'see the reply';
  return printable(`${row.label} to ${row.recipient}: ${reply}, ${reason} (${remedy})`);
}
