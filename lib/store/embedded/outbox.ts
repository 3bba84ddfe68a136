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
import { asPromise, iterateAsync } from './async.ts';
import type { Database, Statement, Value } from './database.ts';
import { decodeText, encodeText } from './text.ts';

type Columns = readonly [
  id: number,
  lane: string,
  run: string,
  label: string,
  number: number,
  recipient: string,
  sender: string,
  way: string,
  state: OutboxState,
  next: number,
  attempt: number,
  lease: number | null,
  since: number | null,
  reply: string | null,
  reason: string | null,
  stripped: Stripped,
  holder: string | null,
];

const ROWS = `
  SELECT o.id, s.lane, s.run, o.label, o.number, o.recipient, o.sender, o.way, o.state, o.next, o.attempt, o.lease, o.since, o.reply, o.reason,
    o.stripped, o.holder
  FROM outbox o JOIN stamps s ON s.stamp = o.stamp WHERE s.pending = 0`;
const OPEN = "o.state IN ('queued', 'sending', 'deferred', 'ambiguous')";
const FINAL: ReadonlySet<OutboxState> = new Set<OutboxState>(['sent', 'failed', 'dropped']);

/** Mails in their delivery states, and their messages in chunks. */
export class EmbeddedOutbox implements OutboxStore {
  readonly #db: Database;
  readonly #due: Statement<Columns>;
  readonly #sending: Statement<Columns>;
  readonly #list: Statement<Columns>;
  readonly #ofReport: Statement<Columns>;
  /** Prepared updates by the columns they set. */
  readonly #updates = new Map<string, Statement<[]>>();
  readonly #findMessage: Statement<[stamp: number]>;
  readonly #chunk: Statement<[chunk: number, bytes: Uint8Array]>;
  readonly #counts: Statement<[state: OutboxState, rows: number]>;
  readonly #sweep: Statement<[]>;

  constructor(db: Database) {
    this.#db = db;
    this.#due = db.prepare(
      `${ROWS} AND ${OPEN} AND CASE o.state WHEN 'sending' THEN o.lease ELSE o.next END <= ?1 AND o.way = ?2
         AND (?3 IS NULL OR s.run = ?3)
       ORDER BY o.next, o.id LIMIT ?4`,
    );
    this.#sending = db.prepare(`${ROWS} AND o.state = 'sending' AND o.way = ? ORDER BY o.id`);
    this.#list = db.prepare(`${ROWS} ORDER BY o.id DESC LIMIT ?`);
    this.#ofReport = db.prepare(`${ROWS} AND s.lane = ? AND s.run = ? AND o.label = ? ORDER BY o.number`);
    this.#findMessage = db.prepare(
      'SELECT m.stamp FROM messages m JOIN stamps s ON s.stamp = m.stamp WHERE m.label = ? AND s.run = ? LIMIT 1',
    );
    this.#chunk = db.prepare(
      'SELECT chunk, bytes FROM messages WHERE stamp = ? AND label = ? AND chunk > ? ORDER BY chunk LIMIT 1',
    );
    this.#counts = db.prepare(
      'SELECT o.state, count(*) FROM outbox o JOIN stamps s ON s.stamp = o.stamp WHERE s.pending = 0 GROUP BY o.state',
    );
    this.#sweep = db.prepare(
      `DELETE FROM messages AS m WHERE m.stamp NOT IN (SELECT stamp FROM stamps WHERE pending = 1) AND NOT EXISTS (
         SELECT 1 FROM outbox o WHERE o.stamp = m.stamp AND o.label = m.label AND coalesce(o.finished, ?1) >= ?1)`,
    );
  }

  due(now: Instant, limit: number, way: string, run?: string): Promise<readonly OutboxRow[]> {
    const ofRun = run === undefined ? null : encodeText(run);
    return asPromise(() => this.#due.all(now, encodeText(way), ofRun, limit).map(toOutboxRow));
  }

  sending(way: string): Promise<readonly OutboxRow[]> {
    return asPromise(() => this.#sending.all(encodeText(way)).map(toOutboxRow));
  }

  change(row: OutboxRow, change: OutboxChange): Promise<boolean> {
    return asPromise(() => {
      const set = [...toColumns(change), ['finished', finalSince(row, change.state ?? row.state)] as const];
      const statement = this.#prepareUpdate(set.map(([column]) => `${column} = ?`).join(', '));
      const values = set.map(([, value]) => value);
      return (
        this.#db.write(() => statement.run(...values, Number(row.id), row.state, row.attempt)).changes === 1
      );
    });
  }

  #prepareUpdate(set: string): Statement<[]> {
    let statement = this.#updates.get(set);
    if (statement === undefined) {
      statement = this.#db.prepare(`UPDATE outbox SET ${set} WHERE id = ? AND state = ? AND attempt = ?`);
      this.#updates.set(set, statement);
    }
    return statement;
  }

  message(run: string, label: string): AsyncIterable<Uint8Array> {
    return iterateAsync(this.#chunks(encodeText(run), encodeText(label)));
  }

  *#chunks(run: string, label: string): Generator<Uint8Array, void, undefined> {
    const stamp = this.#findMessage.get(label, run)?.[0];
    if (stamp === undefined) return;
    let last = -1;
    for (;;) {
      const row = this.#chunk.get(stamp, label, last);
      if (row === undefined) return;
      last = row[0];
      yield row[1];
    }
  }

  list(limit = -1): Promise<readonly OutboxRow[]> {
    return asPromise(() => this.#list.all(limit).map(toOutboxRow));
  }

  ofReport({ lane, run }: Stamp, label: string): Promise<readonly OutboxRow[]> {
    return asPromise(() =>
      this.#ofReport.all(encodeText(lane), encodeText(run), encodeText(label)).map(toOutboxRow),
    );
  }

  counts(): Promise<Readonly<Record<OutboxState, number>>> {
    return asPromise(() => {
      const none = Object.fromEntries(OUTBOX_STATES.map((state) => [state, 0])) as Record<
        OutboxState,
        number
      >;
      return { ...none, ...Object.fromEntries(this.#counts.all()) };
    });
  }

  sweep(finalBefore: Instant): Promise<void> {
    return asPromise(() => void this.#db.write(() => this.#sweep.run(finalBefore), false));
  }
}

function toOutboxRow(columns: Columns): OutboxRow {
  const [
    id,
    lane,
    run,
    label,
    number,
    recipient,
    sender,
    way,
    state,
    next,
    attempt,
    lease,
    since,
    reply,
    reason,
    stripped,
    holder,
  ] = columns;
  return {
    id: String(id),
    lane: decodeText(lane),
    run: decodeText(run),
    label: decodeText(label),
    number,
    recipient: decodeText(recipient),
    sender: decodeText(sender),
    way: decodeText(way),
    state,
    next,
    attempt,
    lease: lease ?? undefined,
    since: since ?? undefined,
    reply: reply === null ? undefined : decodeText(reply),
    reason: reason === null ? undefined : decodeText(reason),
    stripped,
    holder: holder ?? undefined,
  };
}

const CHANGEABLE = [
  'state',
  'next',
  'attempt',
  'lease',
  'since',
  'reply',
  'reason',
  'stripped',
  'holder',
] as const;

/** The columns that the change sets, with their values. */
function toColumns(change: OutboxChange): (readonly [column: string, value: Value])[] {
  return CHANGEABLE.filter((column) => column in change).map((column) => [
    column,
    toColumnValue(change[column]),
  ]);
}

function toColumnValue(value: string | number | undefined): Value {
  return typeof value === 'string' ? encodeText(value) : (value ?? null);
}

/** When a row that enters this state became final (see {@link OutboxStore.sweep}); null when the state is not final. */
function finalSince(row: OutboxRow, state: OutboxState): Value {
  return FINAL.has(state) ? (row.lease ?? row.since ?? row.next) : null;
}
