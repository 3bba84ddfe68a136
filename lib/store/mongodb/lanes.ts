import { ObjectId, type AnyBulkWriteOperation, type Filter, type Long } from 'mongodb';
import type { LaneState } from '../../model/lane.ts';
import type { Instant } from '../../model/time.ts';
import type { HitsOfFilter, LaneCommit, LaneStore } from '../port.ts';
import type { PendingRow, Stamp } from '../rows.ts';
import type { Connection } from './connection.ts';
import { unlessRivaled } from './rivals.ts';
import { HITS, JOURNAL, LANES, STAMPED, type Stamped } from './schema.ts';
import { writePending, type HeldRow, type HitsRow, type ThresholdsRow } from './write-ahead.ts';

interface LaneDocument {
  /** The lane's key. */
  _id: string;
  to: Date | null;
  epoch: number;
  run: string | null;
  /** Names the commit that wrote this, so that whoever made it finds out whether it took place. */
  commit?: ObjectId;
}

/** Lanes named in one command. */
const LANES_AT_A_TIME = 1000;
const LAST_CODE_POINT = '\u{10ffff}';

/**
 * Lane states and the steps of the commit, each confirmed by a majority. A row is live when `pending` is false. Compare-and-set is an update
 * of one document by its whole state; a lane nobody has committed is inserted by it, and `_id` decides between two who do so at once.
 */
export class MongoLanes implements LaneStore {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async states(lanes: readonly string[]): Promise<ReadonlyMap<string, LaneState>> {
    const found = new Map<string, LaneState>();
    for (const some of partsOf(lanes)) {
      for (const state of await this.#find({ _id: { $in: [...some] } })) found.set(state.lane, state);
    }
    return found;
  }

  statesUnder(prefix: string): Promise<readonly LaneState[]> {
    return this.#find({ _id: { $gte: prefix, $lt: prefix + LAST_CODE_POINT } });
  }

  async #find(filter: Filter<LaneDocument>): Promise<LaneState[]> {
    const lanes = this.#connection.collection<LaneDocument>(LANES);
    const states: LaneState[] = [];
    const batches = this.#connection.stream((session) => lanes.find(filter, { session }).sort({ _id: 1 }));
    for await (const batch of batches) states.push(...batch.map(stateOf));
    return states;
  }

  writeAhead(stamp: Stamp, rows: readonly PendingRow[]): Promise<void> {
    return writePending(this.#connection, stamp, rows);
  }

  async commit(commits: readonly LaneCommit[]): Promise<readonly boolean[]> {
    if (commits.length === 0) return [];
    const commit = new ObjectId();
    const all = commits.map(({ state, to, run }) =>
      compareAndSet(state, { $set: { to: new Date(to), run, commit } }),
    );
    return this.#connection.run(async (session) => {
      const lanes = this.#connection.collection<LaneDocument>(LANES);
      const done = await unlessRivaled(
        lanes.bulkWrite(all, { session, ordered: false }).then((r) => r.matchedCount + r.upsertedCount),
      );
      if (done === commits.length) return commits.map(() => true);
      const names = commits.map(({ state }) => state.lane);
      const won = await lanes.distinct('_id', { _id: { $in: names }, commit }, { session });
      const winners = new Set(won);
      return names.map((name) => winners.has(name));
    });
  }

  async raiseEpoch(state: LaneState): Promise<boolean> {
    const { filter, update, upsert } = compareAndSet(state, { $inc: { epoch: 1 } }).updateOne;
    const raised = await this.#connection.run((session) =>
      unlessRivaled(
        this.#connection
          .collection<LaneDocument>(LANES)
          .updateOne(filter, update, { session, upsert })
          .then((r) => r.matchedCount + r.upsertedCount),
      ),
    );
    return raised === 1;
  }

  async publish(stamps: readonly Stamp[]): Promise<void> {
    await this.#forPending(stamps, (collection, filter) =>
      this.#connection.run((session) =>
        this.#connection
          .collection<Stamped>(collection)
          .updateMany(filter, { $set: { pending: false } }, { session }),
      ),
    );
  }

  async discard(stamps: readonly Stamp[]): Promise<void> {
    await this.#forPending(stamps, (collection, filter) =>
      this.#connection.run((session) =>
        this.#connection.collection<Stamped>(collection).deleteMany(filter, { session }),
      ),
    );
  }

  /** In the order of the collections: mails come last. */
  async #forPending(
    stamps: readonly Stamp[],
    work: (collection: string, filter: Filter<Stamped>) => Promise<unknown>,
  ): Promise<void> {
    for (const run of new Set(stamps.map((stamp) => stamp.run))) {
      const lanes = stamps.filter((stamp) => stamp.run === run).map((stamp) => stamp.lane);
      for (const some of partsOf(lanes)) {
        const filter = { pending: true, run, lane: { $in: [...some] } };
        const early = STAMPED.slice(0, -1).map((collection) => work(collection, filter));
        await Promise.all(early);
        await work(STAMPED.at(-1)!, filter);
      }
    }
  }

  async sweep(lane: string, to: Instant): Promise<void> {
    await this.#connection.run(async (session) => {
      const thresholds = this.#connection.collection<ThresholdsRow>(JOURNAL);
      const live = { kind: 'thresholds', lane, pending: false } as const;
      await thresholds.deleteMany({ ...live, ttl: { $lte: new Date(to) } }, { session });
      const oldest = await thresholds.findOne(live, { session, sort: { thresholdtime: 1 } });
      // Never beyond `to`: what another reporter commits meanwhile was held later.
      const until = Math.min(oldest?.thresholdtime.getTime() ?? to, to);
      await this.#connection
        .collection<HeldRow>(JOURNAL)
        .deleteMany({ kind: 'held', lane, pending: false, created: { $lte: new Date(until) } }, { session });
    });
  }

  pending(): Promise<readonly Stamp[]> {
    const [first, ...others] = STAMPED;
    const waiting = [{ $match: { pending: true } }, { $project: { _id: 0, lane: 1, run: 1 } }];
    return this.#connection.run(async (session) => {
      const stamps = await this.#connection
        .collection<Stamped>(first)
        .aggregate<{ _id: Stamp }>(
          [
            ...waiting,
            ...others.map((coll) => ({ $unionWith: { coll, pipeline: waiting } })),
            { $group: { _id: { lane: '$lane', run: '$run' } } },
          ],
          { session },
        )
        .toArray();
      return stamps.map((stamp) => stamp._id);
    });
  }

  hits(): Promise<readonly HitsOfFilter[]> {
    return this.#connection.run(async (session) => {
      const sums = await this.#connection
        .collection<HitsRow>(HITS)
        .aggregate<{ _id: { group: string; filter: string }; hits: number | Long; lastHit: Date }>(
          [
            { $match: { pending: false } },
            {
              $group: {
                _id: { group: '$group', filter: '$filter' },
                hits: { $sum: '$hits' },
                lastHit: { $max: '$at' },
              },
            },
            { $sort: { _id: 1 } },
          ],
          { session },
        )
        .toArray();
      return sums.map(({ _id, hits, lastHit }) => ({
        ..._id,
        hits: Number(hits),
        lastHit: lastHit.getTime(),
      }));
    });
  }
}

type Change = { readonly $set: Partial<LaneDocument> } | { readonly $inc: { readonly epoch: number } };

/** The change of a lane that takes place only if the state that was read still stands. */
function compareAndSet({ lane, to, epoch, run }: LaneState, update: Change) {
  const filter: Filter<LaneDocument> = {
    _id: lane,
    to: to === undefined ? null : new Date(to),
    epoch,
    run: run ?? null,
  };
  const upsert = to === undefined && run === undefined && epoch === 0;
  return { updateOne: { filter, update, upsert } } satisfies AnyBulkWriteOperation<LaneDocument>;
}

function stateOf({ _id, to, epoch, run }: LaneDocument): LaneState {
  return { lane: _id, to: to?.getTime(), epoch, run: run ?? undefined };
}

function* partsOf(lanes: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < lanes.length; at += LANES_AT_A_TIME) yield lanes.slice(at, at + LANES_AT_A_TIME);
}
