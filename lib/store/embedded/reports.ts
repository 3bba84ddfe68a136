import { chunks } from '../../model/chunks.ts';
import type { PlacedEntry, ReportRecord } from '../../model/report.ts';
import type { ReportStore, ReportSummary } from '../port.ts';
import type { Stamp } from '../pending-rows.ts';
import { asPromise, flattenAsync } from './async.ts';
import type { Database, Statement } from './database.ts';
import { encodeText } from './text.ts';

/** Summaries read at a time. */
const SUMMARIES = 100;

/** Records, each with a separate summary for lists, and entries in parts. */
export class EmbeddedReports implements ReportStore {
  readonly #list: Statement<[summary: string]>;
  readonly #ofRun: Statement<[summary: string]>;
  readonly #findOfLane: Statement<[id: number]>;
  readonly #summary: Statement<[summary: string]>;
  readonly #find: Statement<[stamp: number, id: number]>;
  readonly #record: Statement<[record: string]>;
  readonly #entries: Statement<[part: number, entries: string]>;

  constructor(db: Database) {
    this.#list = db.prepare(
      `SELECT r.summary FROM reports r JOIN stamps s ON s.stamp = r.stamp WHERE s.pending = 0
       ORDER BY r.created DESC, r.label LIMIT ?`,
    );
    this.#ofRun = db.prepare(
      `SELECT r.summary FROM stamps s JOIN reports r ON r.stamp = s.stamp
       WHERE s.lane = ? AND s.run = ? AND s.pending = 0`,
    );
    this.#findOfLane = db.prepare(
      `SELECT r.id FROM stamps s JOIN reports r ON r.stamp = s.stamp WHERE s.lane = ? AND s.pending = 0
       ORDER BY s.run DESC, r.id DESC`,
    );
    this.#summary = db.prepare('SELECT summary FROM reports WHERE id = ?');
    this.#find = db.prepare(
      `SELECT r.stamp, r.id FROM reports r JOIN stamps s ON s.stamp = r.stamp WHERE r.label = ? AND s.pending = 0
       ORDER BY r.id LIMIT 1`,
    );
    this.#record = db.prepare('SELECT record FROM reports WHERE id = ?');
    this.#entries = db.prepare(
      'SELECT part, entries FROM report_entries WHERE stamp = ? AND label = ? AND part > ? ORDER BY part LIMIT 1',
    );
  }

  list(limit = -1): Promise<readonly ReportSummary[]> {
    return asPromise(() => this.#list.all(limit).map(([summary]) => JSON.parse(summary) as ReportSummary));
  }

  ofRun({ lane, run }: Stamp): Promise<readonly ReportSummary[]> {
    return asPromise(() =>
      this.#ofRun.all(encodeText(lane), encodeText(run)).map(([s]) => JSON.parse(s) as ReportSummary),
    );
  }

  ofLane(lane: string): AsyncIterable<ReportSummary> {
    return flattenAsync(this.#eachOfLane(encodeText(lane)));
  }

  *#eachOfLane(lane: string): Generator<readonly ReportSummary[], void, undefined> {
    const ids = this.#findOfLane.all(lane);
    for (const some of chunks(ids, SUMMARIES)) {
      const rows = some.map(([id]) => this.#summary.get(id));
      yield rows.flatMap((row) => (row === undefined ? [] : [JSON.parse(row[0]) as ReportSummary]));
    }
  }

  get(label: string): Promise<ReportRecord | undefined> {
    return asPromise(() => {
      const found = this.#find.get(encodeText(label));
      const row = found === undefined ? undefined : this.#record.get(found[1]);
      return row === undefined ? undefined : (JSON.parse(row[0]) as ReportRecord);
    });
  }

  entries(label: string): AsyncIterable<PlacedEntry> {
    return flattenAsync(this.#entryParts(encodeText(label)));
  }

  *#entryParts(label: string): Generator<readonly PlacedEntry[], void, undefined> {
    const stamp = this.#find.get(label)?.[0];
    if (stamp === undefined) return;
    let last = -1;
    for (;;) {
      const row = this.#entries.get(stamp, label, last);
      if (row === undefined) return;
      last = row[0];
      yield JSON.parse(row[1]) as PlacedEntry[];
    }
  }

  hasLabel(label: string): Promise<boolean> {
    return asPromise(() => this.#find.get(encodeText(label)) !== undefined);
  }
}
