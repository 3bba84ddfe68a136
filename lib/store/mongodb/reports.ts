import type { PlacedEntry, ReportRecord } from '../../model/report.ts';
import type { ReportStore, ReportSummary } from '../port.ts';
import type { Stamp } from '../pending-rows.ts';
import type { Connection } from './connection.ts';
import { ENTRIES, REPORTS } from './schema.ts';
import type { EntriesRow, ReportRow } from './write-ahead.ts';

/** Records, each with a separate summary for lists, and entries in parts. */
export class MongoReports implements ReportStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async list(limit = 0): Promise<readonly ReportSummary[]> {
    const reports = this.#connection.collection<ReportRow>(REPORTS);
    const summaries: ReportSummary[] = [];
    const batches = this.#connection.stream((session) =>
      reports
        .find({ pending: false }, { session, limit, projection: { summary: 1 } })
        .sort({ createtime: -1, label: 1 }),
    );
    for await (const batch of batches)
      summaries.push(...batch.map(({ summary }) => JSON.parse(summary) as ReportSummary));
    return summaries;
  }

  async ofRun({ lane, run }: Stamp): Promise<readonly ReportSummary[]> {
    const reports = this.#connection.collection<ReportRow>(REPORTS);
    const rows = await this.#connection.run((session) =>
      reports.find({ lane, run, pending: false }, { session, projection: { summary: 1 } }).toArray(),
    );
    return rows.map(({ summary }) => JSON.parse(summary) as ReportSummary);
  }

  async *ofLane(lane: string): AsyncGenerator<ReportSummary, void, undefined> {
    const reports = this.#connection.collection<ReportRow>(REPORTS);
    const batches = this.#connection.stream((session) =>
      reports.find({ lane, pending: false }, { session, projection: { summary: 1 } }).sort({ run: -1 }),
    );
    for await (const batch of batches)
      yield* batch.map(({ summary }) => JSON.parse(summary) as ReportSummary);
  }

  async get(label: string): Promise<ReportRecord | undefined> {
    const row = await this.#find(label, { record: 1 });
    return row === undefined ? undefined : (JSON.parse(row.record) as ReportRecord);
  }

  async *entries(label: string): AsyncGenerator<PlacedEntry, void, undefined> {
    const report = await this.#find(label, { run: 1, lane: 1 });
    if (report === undefined) return;
    const { run, lane } = report;
    const parts = this.#connection.collection<EntriesRow>(ENTRIES);
    const batches = this.#connection.stream((session) =>
      parts.find({ label, run, lane }, { session, batchSize: 8 }).sort({ part: 1 }),
    );
    for await (const batch of batches) {
      for (const { entries } of batch) yield* JSON.parse(entries) as PlacedEntry[];
    }
  }

  async hasLabel(label: string): Promise<boolean> {
    return (await this.#find(label, { _id: 1 })) !== undefined;
  }

  #find(
    label: string,
    projection: Partial<Record<keyof ReportRow | '_id', 1>>,
  ): Promise<ReportRow | undefined> {
    return this.#connection.run(async (session) => {
      const reports = this.#connection.collection<ReportRow>(REPORTS);
      return (await reports.findOne({ label, pending: false }, { session, projection })) ?? undefined;
    });
  }
}
