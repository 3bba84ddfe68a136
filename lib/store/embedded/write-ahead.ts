import type { ReportRecord } from '../../model/report.ts';
import type { ReportSummary } from '../port.ts';
import type { PendingRow, Stamp } from '../pending-rows.ts';
import type { Database, Statement } from './database.ts';
import { encodeText } from './text.ts';

type RowOf<K extends PendingRow['kind']> = Extract<PendingRow, { kind: K }>;
type Writers = { readonly [K in PendingRow['kind']]: (stamp: number, lane: string, row: RowOf<K>) => void };

/** Writes rows into their tables under a pending stamp. */
export class RowWriter {
  readonly #addStamp: Statement<[]>;
  readonly #findStamp: Statement<[stamp: number, pending: number]>;
  readonly #writers: Writers;

  constructor(db: Database) {
    this.#addStamp = db.prepare(
      'INSERT INTO stamps (lane, run, pending) VALUES (?, ?, 1) ON CONFLICT DO NOTHING',
    );
    this.#findStamp = db.prepare('SELECT stamp, pending FROM stamps WHERE lane = ? AND run = ?');
    this.#writers = prepareWriters(db);
  }

  /** Has to be called in a transaction. */
  write({ lane, run }: Stamp, rows: readonly PendingRow[]): void {
    const name = encodeText(lane);
    this.#addStamp.run(name, encodeText(run));
    const [stamp, pending] = this.#findStamp.get(name, encodeText(run))!;
    if (pending === 0) throw new Error(`run ${run} writes to lane ${lane}, which it has committed`);
    for (const row of rows) this.#write(stamp, name, row);
  }

  #write<K extends PendingRow['kind']>(stamp: number, lane: string, row: RowOf<K>): void {
    this.#writers[row.kind](stamp, lane, row);
  }
}

function prepareWriters(db: Database): Writers {
  const into = (table: string, columns: string): Statement<[]> =>
    db.prepare(
      `INSERT INTO ${table} (stamp, ${columns}) VALUES (?${', ?'.repeat(columns.split(',').length)})`,
    );
  const thresholds = into('thresholds', 'part, lane, thresholdtime, ttl, relapsetime, keys');
  const held = into('held', 'part, lane, created, keys, entries');
  const hits = into('filter_hits', 'grp, filter, hits, at');
  const report = into('reports', 'label, created, summary, record');
  const entries = into('report_entries', 'label, part, entries');
  const message = into('messages', 'label, chunk, bytes');
  const outbox = into('outbox', 'label, number, recipient, sender, way, next, state, attempt, stripped');
  return {
    thresholds: (stamp, lane, { part, thresholdtime, ttl, relapsetime, keys }) =>
      thresholds.run(stamp, part, lane, thresholdtime, ttl, relapsetime, JSON.stringify(keys)),
    held: (stamp, lane, row) =>
      held.run(stamp, row.part, lane, row.created, JSON.stringify(row.keys), row.entries),
    hits: (stamp, _, row) => hits.run(stamp, encodeText(row.group), encodeText(row.filter), row.hits, row.at),
    report: (stamp, _, { record }) =>
      report.run(
        stamp,
        encodeText(record.label),
        Date.parse(record.createtime),
        JSON.stringify(summaryOf(record)),
        JSON.stringify(record),
      ),
    entries: (stamp, _, row) => entries.run(stamp, encodeText(row.label), row.part, row.entries),
    message: (stamp, _, { label, chunk, bytes }) => message.run(stamp, encodeText(label), chunk, bytes),
    outbox: (stamp, _, { label, number, recipient, sender, way, next }) =>
      outbox.run(
        stamp,
        encodeText(label),
        number,
        encodeText(recipient),
        encodeText(sender),
        encodeText(way),
        next,
        'queued',
        0,
        0,
      ),
  };
}

function summaryOf(record: ReportRecord): ReportSummary {
  const summary: Partial<ReportRecord> = { ...record };
  delete summary.statistics;
  delete summary.structured_data;
  delete summary.message;
  delete summary.timeline;
  return summary as ReportSummary;
}
