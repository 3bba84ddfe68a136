import { Binary, type Document } from 'mongodb';
import type { ReportRecord } from '../../model/report.ts';
import type { PendingRow, Stamp } from '../pending-rows.ts';
import type { Connection } from './connection.ts';
import { ENTRIES, HITS, JOURNAL, MESSAGES, OUTBOX, REPORTS, type Stamped } from './schema.ts';

type RowOf<K extends PendingRow['kind']> = Extract<PendingRow, { kind: K }>;

/** Bounds of one command in documents and bytes; a larger document is sent alone. */
const BULK_ROWS = 1000;
const BULK_BYTES = 8_000_000;
/** Bytes of a row beside its long members. */
const ROW_OVERHEAD = 500;

export interface JournalRow extends Stamped {
  kind: 'thresholds' | 'held';
  part: number;
  /** JSON, because classes and sources may be any text. */
  keys: string;
}
export interface ThresholdsRow extends JournalRow {
  kind: 'thresholds';
  thresholdtime: Date;
  ttl: Date;
  relapsetime: Date;
}
export interface HeldRow extends JournalRow {
  kind: 'held';
  created: Date;
  entries: Binary;
}
export interface HitsRow extends Stamped {
  group: string;
  filter: string;
  hits: number;
  at: Date;
}
export interface ReportRow extends Stamped {
  label: string;
  group: string;
  createtime: Date;
  /** JSON of the summary. */
  summary: string;
  /** JSON, because values of events are keys in it and may be any text. */
  record: string;
}
export interface EntriesRow extends Stamped {
  label: string;
  part: number;
  /** JSON. */
  entries: string;
}
export interface MessageRow extends Stamped {
  label: string;
  chunk: number;
  bytes: Binary;
}

/** A row with its collection and its approximate size in bytes. */
interface PlacedDocument {
  readonly collection: string;
  readonly row: Document;
  readonly size: number;
}

/** Writes pending rows in bulks of bounded size, concurrently into all collections, as nobody reads them before the commit. */
export async function writePending(
  connection: Connection,
  stamp: Stamp,
  rows: readonly PendingRow[],
): Promise<void> {
  const stamped: Stamped = { lane: stamp.lane, run: stamp.run, pending: true };
  const placed = rows.map((row) => toDocument(stamped, row));
  const written = [...new Set(placed.map(({ collection }) => collection))].map(async (name) => {
    for (const bulk of splitIntoBulks(placed.filter(({ collection }) => collection === name)))
      await connection.run((session) => connection.collection(name).insertMany(bulk, { session }));
  });
  // Waits for all collections, because a caller that sees one fail discards what was written.
  const failed = (await Promise.allSettled(written)).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
}

function* splitIntoBulks(all: readonly PlacedDocument[]): Generator<Document[]> {
  let bulk: Document[] = [];
  let bytes = 0;
  for (const { row, size } of all) {
    if (bulk.length > 0 && (bulk.length >= BULK_ROWS || bytes + size > BULK_BYTES)) {
      yield bulk;
      [bulk, bytes] = [[], 0];
    }
    bulk.push(row);
    bytes += size;
  }
  yield bulk;
}

function toDocument(stamped: Stamped, row: PendingRow): PlacedDocument {
  switch (row.kind) {
    case 'thresholds':
    case 'held':
      return toJournalDocument(stamped, row);
    case 'hits': {
      const { group, filter, hits, at } = row;
      const document: HitsRow = { ...stamped, group, filter, hits, at: new Date(at) };
      return { collection: HITS, row: document, size: ROW_OVERHEAD };
    }
    case 'report':
      return toReportDocument(stamped, row.record);
    case 'entries': {
      const { entries } = row;
      const document: EntriesRow = { ...stamped, label: row.label, part: row.part, entries };
      return { collection: ENTRIES, row: document, size: ROW_OVERHEAD + entries.length };
    }
    case 'message': {
      const { label, chunk, bytes } = row;
      const document: MessageRow = { ...stamped, label, chunk, bytes: new Binary(bytes) };
      return { collection: MESSAGES, row: document, size: ROW_OVERHEAD + bytes.length };
    }
    case 'outbox': {
      const { label, number, recipient, sender, way, next } = row;
      const mail = { label, number, recipient, sender, way, next: new Date(next) };
      const document = { ...stamped, ...mail, state: 'queued', attempt: 0, stripped: 0 };
      return { collection: OUTBOX, row: document, size: ROW_OVERHEAD };
    }
  }
}

function toJournalDocument(stamped: Stamped, row: RowOf<'thresholds'> | RowOf<'held'>): PlacedDocument {
  const keys = JSON.stringify(row.keys);
  const { part } = row;
  if (row.kind === 'held') {
    const { created, entries } = row;
    const times = { created: new Date(created) };
    const document: HeldRow = {
      ...stamped,
      kind: 'held',
      part,
      ...times,
      keys,
      entries: new Binary(entries),
    };
    return { collection: JOURNAL, row: document, size: ROW_OVERHEAD + keys.length + entries.length };
  }
  const { thresholdtime, ttl, relapsetime } = row;
  const times = {
    thresholdtime: new Date(thresholdtime),
    ttl: new Date(ttl),
    relapsetime: new Date(relapsetime),
  };
  const document: ThresholdsRow = { ...stamped, kind: 'thresholds', part, ...times, keys };
  return { collection: JOURNAL, row: document, size: ROW_OVERHEAD + keys.length };
}

function toReportDocument(stamped: Stamped, record: ReportRecord): PlacedDocument {
  const summary = JSON.stringify({
    ...record,
    statistics: undefined,
    structured_data: undefined,
    message: undefined,
    timeline: undefined,
  });
  const whole = JSON.stringify(record);
  const document: ReportRow = {
    ...stamped,
    label: record.label,
    group: record.group,
    createtime: new Date(record.createtime),
    summary,
    record: whole,
  };
  return { collection: REPORTS, row: document, size: ROW_OVERHEAD + summary.length + whole.length };
}
