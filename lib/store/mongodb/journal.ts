import { chunks } from '../../model/chunks.ts';
import type { Instant } from '../../model/time.ts';
import type { HeldQuery, Journal, ThresholdsQuery } from '../port.ts';
import type { HeldPart, Stamp, ThresholdsPart } from '../pending-rows.ts';
import type { Connection } from './connection.ts';
import { JOURNAL } from './schema.ts';
import type { HeldRow, ThresholdsRow } from './write-ahead.ts';

/** With up to 200 lanes the server merges index scans; with more it sorts in memory. */
const LANES_PER_QUERY = 200;
/** Lanes of a query without a sort: some hundred kilobytes of keys. */
const LANES_PER_UNSORTED_QUERY = 10_000;
/** Parts in a batch; one part may have some hundred kilobytes. */
const PARTS_PER_BATCH = 32;

/** The journal of the lanes, read in the order of an index. */
export class MongoJournal implements Journal {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async *thresholds({
    lanes,
    expiredBy: endedBy,
  }: ThresholdsQuery): AsyncGenerator<ThresholdsPart & Stamp, void, undefined> {
    const rows = this.#connection.collection<ThresholdsRow>(JOURNAL);
    const ended = endedBy === undefined ? {} : { ttl: { $lte: new Date(endedBy) } };
    for (const part of chunks(lanes, LANES_PER_QUERY)) {
      const filter = { kind: 'thresholds', lane: { $in: part }, pending: false, ...ended } as const;
      const batches = this.#connection.stream((session) =>
        rows.find(filter, { session, batchSize: PARTS_PER_BATCH }).sort({ thresholdtime: 1, _id: 1 }),
      );
      for await (const batch of batches) yield* batch.map(toThresholdsPart);
    }
  }

  async forget({ lane, run }: Stamp): Promise<void> {
    const rows = this.#connection.collection<ThresholdsRow>(JOURNAL);
    await this.#connection.run((session) =>
      rows.deleteMany({ lane, run, kind: 'thresholds', pending: false }, { session }),
    );
  }

  async expiredLanes(lanes: readonly string[], by: Instant): Promise<ReadonlySet<string>> {
    const rows = this.#connection.collection<ThresholdsRow>(JOURNAL);
    const found = new Set<string>();
    for (const part of chunks(lanes, LANES_PER_UNSORTED_QUERY)) {
      const filter = {
        kind: 'thresholds',
        lane: { $in: part },
        pending: false,
        ttl: { $lte: new Date(by) },
      } as const;
      const batches = this.#connection.stream((session) =>
        rows.find(filter, { session, projection: { _id: 0, lane: 1 }, batchSize: LANES_PER_UNSORTED_QUERY }),
      );
      for await (const batch of batches) for (const row of batch) found.add(row.lane);
    }
    return found;
  }

  async *held({ lane, run, after }: HeldQuery): AsyncGenerator<HeldPart, void, undefined> {
    const rows = this.#connection.collection<HeldRow>(JOURNAL);
    const seen = [{ pending: false }, { run }];
    const batches = this.#connection.stream((session) =>
      rows
        .find(
          { kind: 'held', lane, created: { $gt: new Date(after) }, $or: seen },
          { session, batchSize: PARTS_PER_BATCH },
        )
        .sort({ created: 1, _id: 1 }),
    );
    for await (const batch of batches) yield* batch.map(toHeldPart);
  }
}

function toThresholdsPart(row: ThresholdsRow): ThresholdsPart & Stamp {
  return {
    lane: row.lane,
    run: row.run,
    part: row.part,
    thresholdtime: row.thresholdtime.getTime(),
    ttl: row.ttl.getTime(),
    relapsetime: row.relapsetime.getTime(),
    keys: JSON.parse(row.keys) as ThresholdsPart['keys'],
  };
}

function toHeldPart(row: HeldRow): HeldPart {
  return {
    part: row.part,
    created: row.created.getTime(),
    keys: JSON.parse(row.keys) as HeldPart['keys'],
    entries: row.entries.value(),
  };
}
