import type { Instant } from '../model/time.ts';
import { messageOf } from '../model/user-error.ts';
import type { OutboxChange, OutboxRow, OutboxStore } from '../store/port.ts';
import { domainOf, readMailbox } from './address.ts';
import { cleanReply, withoutAddresses } from './answers.ts';
import { OUR_REMEDIES } from './remedies.ts';
import { messageId } from './identity.ts';
import type { MailOptions } from './options.ts';
import { isOver, LEASE, NEVER, nextAttempt } from './retry.ts';
import { Source } from './source.ts';
import { failureLine, Tally, type DeliveryTotals } from './totals.ts';
import type { Delivery, Transport } from './transport.ts';

export type { DeliveryTotals };

const BATCH = 100;
const DAY = 86_400_000;

/** Where an outbox logs what an operator has to know. */
export interface MailLog {
  warning(line: string): void;
}

export interface OutboxDependencies {
  readonly outbox: OutboxStore;
  readonly transport: Transport;
  readonly options: MailOptions;
  readonly clock: () => Instant;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: MailLog;
  /**
   * The stored message in a smaller form, saying so.
   * @param room bytes that the server takes, where it says so
   */
  readonly rebuild: (row: OutboxRow, room: number | undefined) => AsyncIterable<Uint8Array>;
  /** Names this process in the rows that it leases; undefined where the system gives no name. */
  readonly holder: string | undefined;
  /** Whether the named process has ended for certain. */
  readonly hasEnded: (holder: string) => boolean;
  /** Once aborted, the current mail is the last one; the rest waits for the next run. */
  readonly stop?: AbortSignal;
}

/**
 * The outbox at work: every row is leased, sent and moved on by compare-and-set, so that of any number of processes one sends it,
 * and a process that dies leaves a row that the next run picks up. It lives as long as a run.
 */
export interface Outbox {
  /**
   * Sends what is due for this transport: of all runs, or of one. One bad row never stops the others; rejects when the store fails or a message
   * cannot be read.
   */
  deliverDue(run?: string): Promise<DeliveryTotals>;
  /** Deletes messages that have been final for `messageKeep` days. */
  sweep(): Promise<void>;
}

export function createOutbox(deps: OutboxDependencies): Outbox {
  return new Worker(deps);
}

/** What a message that was too big is tried as next. */
const SMALLER = { 0: 3, 3: 1, 1: 2 } as const;

/** A row that is ours until its lease runs out. */
interface Leased extends OutboxRow {
  readonly since: Instant;
}

class Worker implements Outbox {
  readonly #deps: OutboxDependencies;
  /** Set once the server objects to us: nothing more is sent in this run. */
  #refusal: Delivery | undefined;
  /** Done once: rows of processes that have ended are due. */
  #released: Promise<void> | undefined;
  /** Bytes of a message that the server takes, once it has said so. */
  #room: number | undefined;
  /** Answers in a row that limit us. */
  #limited = 0;
  /** Failed mails in a row whose answers may speak of us. */
  #suspects: Suspect[] = [];
  readonly #warned = new Set<string>();

  constructor(deps: OutboxDependencies) {
    this.#deps = deps;
  }

  async deliverDue(run?: string): Promise<DeliveryTotals> {
    const tally = new Tally();
    await (this.#released ??= this.#releaseOrphans());
    for (;;) {
      const rows = await this.#deps.outbox.due(this.#deps.clock(), BATCH, this.#deps.transport.way, run);
      let moved = 0;
      for (const row of rows) {
        if (this.#deps.stop?.aborted === true) break;
        if (await this.#work(row, tally)) moved++;
      }
      // Rows that stay due although no change succeeds would be returned forever.
      if (moved === 0 || this.#deps.stop?.aborted === true) break;
    }
    return tally;
  }

  sweep(): Promise<void> {
    const { outbox, clock, options } = this.#deps;
    return outbox.sweep(clock() - options.messageKeep * DAY);
  }

  /** Moves a row on by one state or more; false when another process had it. */
  async #work(found: OutboxRow, tally: Tally): Promise<boolean> {
    const row = found.state === 'sending' ? await this.#orphan(found) : found;
    if (!row) return false;
    if (row.state === 'ambiguous' && this.#deps.options.ambiguous === 'hold') return this.#hold(row, tally);
    if (this.#refusal) return this.#wait(row, this.#refusal, tally);
    const leased = await this.#lease(row);
    if (!leased) return false;
    const delivery = await this.#send(leased);
    return this.#settle(leased, delivery, tally);
  }

  /** Takes rows over from processes of this host that have ended: their leases would hold the mails up for a quarter of an hour. */
  async #releaseOrphans(): Promise<void> {
    const { outbox, transport, hasEnded, clock } = this.#deps;
    for (const row of await outbox.sending(transport.way))
      if (row.holder !== undefined && hasEnded(row.holder))
        await this.#change(row, { state: 'ambiguous', lease: undefined, next: clock() });
  }

  /** The lease of another process has expired: whether it delivered the mail is unknown. */
  #orphan(row: OutboxRow): Promise<OutboxRow | undefined> {
    return this.#change(row, { state: 'ambiguous', lease: undefined });
  }

  async #hold(row: OutboxRow, tally: Tally): Promise<boolean> {
    const reason = 'delivery-unknown';
    const held = await this.#change(row, { next: NEVER, lease: undefined, reason });
    if (!held) return false;
    tally.count('ambiguous');
    tally.addFailure(failureLine(row, { reply: row.reply ?? 'no answer', reason }));
    return true;
  }

  /** Puts a row off that was not tried. An ambiguous one stays what it is: waiting makes nothing clearer. */
  async #wait(row: OutboxRow, { reply }: Delivery, tally: Tally): Promise<boolean> {
    const state = row.state === 'ambiguous' ? 'ambiguous' : 'deferred';
    const next = nextAttempt(this.#deps.clock(), row.attempt, this.#deps.random);
    const changed = await this.#change(row, { state, next, reply });
    if (changed) tally.count(state);
    return changed !== undefined;
  }

  async #lease(row: OutboxRow): Promise<Leased | undefined> {
    const now = this.#deps.clock();
    const change = {
      state: 'sending',
      attempt: row.attempt + 1,
      lease: now + LEASE,
      since: row.since ?? now,
      holder: this.#deps.holder,
    } as const;
    return (await this.#deps.outbox.change(row, change)) ? { ...row, ...change } : undefined;
  }

  async #send(row: Leased): Promise<Delivery> {
    const sender = readMailbox(row.sender)?.address;
    const recipient = readMailbox(row.recipient)?.address;
    if (sender === undefined || recipient === undefined) {
      return { outcome: 'failed', reply: 'not a mail address', reason: 'bad-address' };
    }
    const source = new Source(() => this.#content(row));
    const { label, number } = row;
    const envelopeId = messageId(label, this.#deps.options);
    let delivery: Delivery;
    try {
      delivery = await this.#deps.transport.send({
        label,
        number,
        sender,
        recipient,
        envelopeId,
        ignoreSize: row.stripped === 2,
        content: () => source.chunks(),
      });
    } catch (error) {
      // A transport that fails midway does not know whether the mail was accepted.
      delivery = { outcome: 'ambiguous', reply: cleanReply(messageOf(error)) };
    }
    const { problem } = source;
    if (problem === undefined) return delivery;
    if (problem instanceof NoMessage) return problem.delivery;
    // The store's own problem is no reason to keep the row leased.
    await this.#change(row, this.#later(row, 'deferred', cleanReply(problem.message))).catch(() => undefined);
    throw problem;
  }

  async *#content(row: Leased): AsyncGenerator<Uint8Array, void, undefined> {
    const { outbox, rebuild } = this.#deps;
    const message = row.stripped === 0 ? outbox.message(row.run, row.label) : rebuild(row, this.#room);
    let empty = true;
    for await (const chunk of message) {
      if (chunk.length === 0) continue;
      empty = false;
      yield chunk;
    }
    if (empty) throw new NoMessage('the message was deleted', 'message-gone');
  }

  async #settle(row: Leased, delivery: Delivery, tally: Tally): Promise<boolean> {
    const { change, counted } = this.#verdict(row, delivery);
    if (delivery.outcome === 'sent') {
      this.#limited = 0;
      this.#suspects = [];
    }
    if (delivery.outcome === 'ours') this.#stopFor(delivery, tally);
    if (change.reason === 'refused-by-policy') {
      this.#warnOnce(
        'policy',
        `mail refused by policy: ${delivery.reply} (see the sender's SPF and DKIM, or the content)`,
      );
    }
    const settled = await this.#change(row, { lease: undefined, ...change });
    if (settled === undefined) {
      this.#deps.log.warning(
        `${row.label} to ${row.recipient}: took longer than its lease, another run has it now`,
      );
      return false;
    }
    if (counted) tally.count(counted);
    if (counted === 'failed') {
      const line = failureLine(row, {
        reply: delivery.reply,
        ...(change.reason && { reason: change.reason }),
      });
      tally.addFailure(line);
      await this.#suspect({ row: settled, delivery, line }, tally);
    }
    if (change.next === NEVER)
      tally.addFailure(failureLine(row, { reply: delivery.reply, reason: 'delivery-unknown' }));
    return true;
  }

  /**
   * Takes back failures that speak of us: the same answer to recipients of two domains, or messages refused in a row for three. None of
   * them is final for its recipient.
   */
  async #suspect(suspect: Suspect, tally: Tally): Promise<void> {
    const { suspicion } = suspect.delivery;
    if (suspicion === undefined) return;
    if (this.#suspects.some(({ delivery }) => delivery.suspicion !== suspicion)) this.#suspects = [];
    this.#suspects.push(suspect);
    const text = withoutAddresses(suspect.delivery.reply);
    const alike =
      suspicion === 'relay'
        ? this.#suspects.filter(({ delivery }) => withoutAddresses(delivery.reply) === text)
        : this.#suspects;
    const domains = new Set(alike.map(({ row }) => domainOf(row.recipient.toLowerCase())));
    if (domains.size < (suspicion === 'relay' ? 2 : 3)) return;
    this.#suspects = [];
    for (const { row, line } of alike) {
      const waiting = await this.#change(row, {
        ...this.#later(row, 'deferred', row.reply ?? ''),
        since: undefined,
      });
      if (waiting !== undefined) tally.withdraw(line);
    }
    this.#stopFor({ ...suspect.delivery, outcome: 'ours', problem: suspicion }, tally);
  }

  /** The next state by what came back; nothing is counted for a row that goes on in this run. */
  #verdict(
    row: Leased,
    delivery: Delivery,
  ): { change: OutboxChange; counted?: 'sent' | 'deferred' | 'failed' | 'ambiguous' } {
    const { reply, outcome, reason } = delivery;
    const { options, clock } = this.#deps;
    const over = isOver(clock(), row.since, options.retryFor);
    const failed = (why: string | undefined) =>
      ({ change: { state: 'failed', reply, reason: why }, counted: 'failed' }) as const;
    switch (outcome) {
      case 'sent':
        return { change: { state: 'sent', reply, reason: undefined }, counted: 'sent' };
      case 'failed':
        return failed(reason ?? 'refused');
      case 'too-big':
        if (row.stripped === 2) return failed('too-big');
        this.#room = delivery.limit ?? this.#room;
        return { change: { state: 'deferred', next: clock(), stripped: SMALLER[row.stripped], reply } };
      case 'ours':
        // The time in which the recipient's side may be at fault begins anew.
        return { change: { ...this.#later(row, 'deferred', reply), since: undefined }, counted: 'deferred' };
      case 'deferred':
        if (over) return failed('retry-expired');
        this.#warnOnce('deferred', `mail deferred: ${reply} (tried again by later runs)`);
        return { change: this.#later(row, 'deferred', reply), counted: 'deferred' };
      case 'ambiguous':
        if (options.ambiguous === 'hold') {
          return {
            change: { state: 'ambiguous', next: NEVER, reply, reason: 'delivery-unknown' },
            counted: 'ambiguous',
          };
        }
        if (over) return failed('retry-expired');
        return { change: this.#later(row, 'ambiguous', reply), counted: 'ambiguous' };
    }
  }

  #later(row: OutboxRow, state: 'deferred' | 'ambiguous', reply: string): OutboxChange {
    return {
      state,
      next: nextAttempt(this.#deps.clock(), row.attempt, this.#deps.random),
      lease: undefined,
      reply,
    };
  }

  /** What the server objects to in us holds up all mails; a limit first gets another connection, a program may refuse this mail only. */
  #stopFor(delivery: Delivery, tally: Tally): void {
    const { reply, problem = 'refused' } = delivery;
    const { transport, log } = this.#deps;
    const waits = problem === 'program' ? '' : '; all mails wait';
    const line = `${transport.name}: ${reply} (${OUR_REMEDIES[problem]}${waits})`;
    if (problem === 'quota') {
      if (++this.#limited < 2) return;
      this.#refusal = delivery;
      log.warning(line);
      return;
    }
    if (problem !== 'program') this.#refusal = delivery;
    tally.needsOperator = true;
    if (this.#warned.has(line)) return;
    this.#warned.add(line);
    tally.addFailure(line);
  }

  async #change(row: OutboxRow, change: OutboxChange): Promise<OutboxRow | undefined> {
    return (await this.#deps.outbox.change(row, change)) ? { ...row, ...change } : undefined;
  }

  #warnOnce(about: string, line: string): void {
    if (this.#warned.has(about)) return;
    this.#warned.add(about);
    this.#deps.log.warning(line);
  }
}

/** A mail that failed with an answer that may speak of us. */
interface Suspect {
  readonly row: OutboxRow;
  readonly delivery: Delivery;
  readonly line: string;
}

/** There is nothing to send, and there never will be. */
class NoMessage extends Error {
  readonly delivery: Delivery;

  constructor(reply: string, reason: string) {
    super(reply);
    this.delivery = { outcome: 'failed', reply, reason };
  }
}
