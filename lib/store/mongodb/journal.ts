import { chunks } from '../../model/chunks.ts';
import type { Instant } from '../../model/time.ts';
import type { HeldQuery, Journal, ThresholdsQuery } from '../port.ts';
import type { HeldPart, Stamp, ThresholdsPart } from '../pending-rows.ts';
import type { Connection } from './connection.ts';
import { JOURNAL } from './schema.ts';
import type { HeldRow, ThresholdsRow } from './write-ahead.ts';

/** Lanes of one query: up to 200 the server merges runs of the index, beyond it would sort in memory. */
const LANES_AT_A_TIME = 200;
/** Lanes of a query for which nothing is sorted: some hundred kilobytes of keys. */
const MANY_LANES = 10_000;
/** Parts in a batch: one may be some hundred kilobytes. */
const PARTS = 32;

/** The lanes' memory, part by part off an index that has them in order. */
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
    for (const part of chunks(lanes, LANES_AT_A_TIME)) {
      const filter = { kind: 'thresholds', lane: { $in: part }, pending: false, ...ended } as const;
      const batches = this.#connection.stream((session) =>
        rows.find(filter, { session, batchSize: PARTS }).sort({ thresholdtime: 1, _id: 1 }),
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
    for (const part of chunks(lanes, MANY_LANES)) {
      const filter = {
        kind: 'thresholds',
        lane: { $in: part },
        pending: false,
        ttl: { $lte: new Date(by) },
      } as const;
      const batches = this.#connection.stream((session) =>
        rows.find(filter, { session, projection: { _id: 0, lane: 1 }, batchSize: MANY_LANES }),
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
          { session, batchSize: PARTS },
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
