import { ObjectId, type Filter, type WithId } from 'mongodb';
import type { Instant } from '../../model/time.ts';
import {
  OUTBOX_STATES,
  type OutboxChange,
  type OutboxRow,
  type OutboxState,
  type OutboxStore,
  type Stripped,
} from '../port.ts';
import type { Stamp } from '../pending-rows.ts';
import type { Connection } from './connection.ts';
import { MESSAGES, OUTBOX, type Stamped } from './schema.ts';
import type { MessageRow } from './write-ahead.ts';

interface MailRow extends Stamped {
  label: string;
  number: number;
  recipient: string;
  sender: string;
  way: string;
  next: Date;
  state: OutboxState;
  attempt: number;
  lease?: Date | null;
  since?: Date | null;
  reply?: string | null;
  reason?: string | null;
  /** A boolean in rows of version 0.1. */
  stripped: Stripped | boolean;
  holder?: string | null;
  /** When the row reached a final state; see {@link OutboxStore.sweep}. */
  finished?: Date | null;
}

const WAITING: readonly OutboxState[] = ['queued', 'deferred', 'ambiguous'];
const FINAL: readonly OutboxState[] = ['sent', 'failed', 'dropped'];
const MESSAGES_PER_COMMAND = 1000;

/** Mails in their delivery states, and their messages in chunks. */
export class MongoOutbox implements OutboxStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async due(now: Instant, limit: number, way: string, run?: string): Promise<readonly OutboxRow[]> {
    const live = { pending: false, way, ...(run === undefined ? {} : { run }) };
    const at = new Date(now);
    const waiting = this.#find({ ...live, state: { $in: [...WAITING] }, next: { $lte: at } }, limit, 1);
    const expired = this.#find({ ...live, state: 'sending', lease: { $lte: at } }, limit, 1);
    const rows = [...(await waiting), ...(await expired)];
    return rows.sort((a, b) => a.next - b.next || (a.id < b.id ? -1 : 1)).slice(0, limit);
  }

  sending(way: string): Promise<readonly OutboxRow[]> {
    return this.#find({ pending: false, way, state: 'sending' }, 0, 1);
  }

  list(limit = 0): Promise<readonly OutboxRow[]> {
    return this.#find({ pending: false }, limit, -1);
  }

  async ofReport({ lane, run }: Stamp, label: string): Promise<readonly OutboxRow[]> {
    const mails = this.#connection.collection<MailRow>(OUTBOX);
    const rows = await this.#connection.run((session) =>
      mails.find({ label, run, lane, pending: false }, { session }).sort({ number: 1 }).toArray(),
    );
    return rows.map(toOutboxRow);
  }

  /** @param order 1: by `next`, ascending; -1: newest row first */
  async #find(filter: Filter<MailRow>, limit: number, order: 1 | -1): Promise<OutboxRow[]> {
    const mails = this.#connection.collection<MailRow>(OUTBOX);
    const rows: OutboxRow[] = [];
    const batches = this.#connection.stream((session) =>
      mails.find(filter, { session, limit }).sort(order === 1 ? { next: 1, _id: 1 } : { _id: -1 }),
    );
    for await (const batch of batches) rows.push(...batch.map(toOutboxRow));
    return rows;
  }

  change(row: OutboxRow, change: OutboxChange): Promise<boolean> {
    const changed = { ...row, ...change };
    const finished = FINAL.includes(changed.state) ? (row.lease ?? row.since ?? row.next) : undefined;
    const set = {
      state: changed.state,
      next: new Date(changed.next),
      attempt: changed.attempt,
      lease: toDateOrNull(changed.lease),
      since: toDateOrNull(changed.since),
      reply: changed.reply ?? null,
      reason: changed.reason ?? null,
      stripped: changed.stripped,
      holder: changed.holder ?? null,
      finished: toDateOrNull(finished),
    };
    const { label, state, attempt } = row;
    return this.#connection.run(async (session) => {
      const mails = this.#connection.collection<MailRow>(OUTBOX);
      const unchanged = { _id: new ObjectId(row.id), label, state, attempt };
      return (await mails.updateOne(unchanged, { $set: set }, { session })).matchedCount === 1;
    });
  }

  async *message(run: string, label: string): AsyncGenerator<Uint8Array, void, undefined> {
    const chunks = this.#connection.collection<MessageRow>(MESSAGES);
    const first = await this.#connection.run((session) =>
      chunks.findOne({ label, run }, { session, projection: { lane: 1 } }),
    );
    if (first === null) return;
    const batches = this.#connection.stream((session) =>
      chunks.find({ label, run, lane: first.lane }, { session, batchSize: 16 }).sort({ chunk: 1 }),
    );
    for await (const batch of batches) for (const { bytes } of batch) yield bytes.value();
  }

  counts(): Promise<Readonly<Record<OutboxState, number>>> {
    return this.#connection.run(async (session) => {
      const mails = this.#connection.collection<MailRow>(OUTBOX);
      const count = async (state: OutboxState) =>
        [state, await mails.countDocuments({ pending: false, state }, { session })] as const;
      const counts = new Map<OutboxState, number>();
      for (const state of OUTBOX_STATES) counts.set(...(await count(state)));
      return Object.fromEntries(counts) as Record<OutboxState, number>;
    });
  }

  async sweep(finalBefore: Instant): Promise<void> {
    const chunks = this.#connection.collection<MessageRow>(MESSAGES);
    const messages = this.#connection.stream((session) =>
      chunks.find(
        { pending: false, chunk: 0 },
        { session, projection: { label: 1, run: 1, lane: 1 }, batchSize: MESSAGES_PER_COMMAND },
      ),
    );
    for await (const batch of messages) await this.#sweep(batch, new Date(finalBefore));
  }

  async #sweep(messages: readonly MessageRow[], finalBefore: Date): Promise<void> {
    const label = { $in: messages.map((message) => message.label) };
    await this.#connection.run(async (session) => {
      const needed = await this.#connection
        .collection<MailRow>(OUTBOX)
        .find(
          { label, $or: [{ finished: null }, { finished: { $gte: finalBefore } }] },
          { session, projection: { label: 1, run: 1, lane: 1 } },
        )
        .toArray();
      const neededKeys = new Set(needed.map(messageKey));
      const chunks = this.#connection.collection<MessageRow>(MESSAGES);
      for (const message of messages.filter((one) => !neededKeys.has(messageKey(one)))) {
        const { label, run, lane } = message;
        await chunks.deleteMany({ label, run, lane, pending: false }, { session });
      }
    });
  }
}

function messageKey({ label, run, lane }: Pick<MailRow, 'label' | 'run' | 'lane'>): string {
  return JSON.stringify([label, run, lane]);
}

function toOutboxRow(row: WithId<MailRow>): OutboxRow {
  const { lane, run, label, number, recipient, sender, way, state, attempt, stripped } = row;
  return {
    id: row._id.toHexString(),
    ...{ lane, run, label, number, recipient, sender, way, state, attempt },
    stripped: typeof stripped === 'boolean' ? (stripped ? 1 : 0) : stripped,
    holder: row.holder ?? undefined,
    next: row.next.getTime(),
    lease: row.lease?.getTime(),
    since: row.since?.getTime(),
    reply: row.reply ?? undefined,
    reason: row.reason ?? undefined,
  };
}

function toDateOrNull(instant: Instant | undefined): Date | null {
  return instant === undefined ? null : new Date(instant);
}
