import type { LaneState } from '../../model/lane.ts';
import type { Instant } from '../../model/time.ts';
import type { HitsOfFilter, LaneCommit, LaneStore } from '../port.ts';
import type { PendingRow, Stamp } from '../pending-rows.ts';
import { asPromise } from './async.ts';
import type { Database, Statement } from './database.ts';
import { decodeText, encodeText } from './text.ts';
import { RowWriter } from './write-ahead.ts';

type StateRow = readonly [lane: string, upto: number | null, epoch: number, run: string | null];

const STATE = 'lane, upto, epoch, run';
/** The state has not changed since it was read; the row of a new lane is created first. */
const UNCHANGED = 'lane = ? AND upto IS ? AND epoch = ? AND run IS ?';
const LIVE = 'stamp NOT IN (SELECT stamp FROM stamps WHERE pending = 1)';
const LAST_CODE_POINT = '\u{10ffff}';

/**
 * Lane states and the steps of the commit. Only a commit and a raised epoch wait for the disk: the log keeps the order of writing, so the rows
 * of a commit are durable no later than the commit, and publishing that is lost is repeated by the next run.
 */
export class EmbeddedLanes implements LaneStore {
  readonly #db: Database;
  readonly #rows: RowWriter;
  readonly #states: Statement<StateRow>;
  readonly #under: Statement<StateRow>;
  readonly #create: Statement<[]>;
  readonly #commit: Statement<[]>;
  readonly #raise: Statement<[]>;
  readonly #publish: Statement<[]>;
  readonly #discard: Statement<[]>;
  readonly #pending: Statement<[lane: string, run: string]>;
  readonly #sweepThresholds: Statement<[]>;
  readonly #sweepHeld: Statement<[]>;
  readonly #hits: Statement<[group: string, filter: string, hits: number, lastHit: number]>;

  constructor(db: Database) {
    this.#db = db;
    this.#rows = new RowWriter(db);
    this.#states = db.prepare(`SELECT ${STATE} FROM json_each(?) i CROSS JOIN lanes ON lane = i.value`);
    this.#under = db.prepare(`SELECT ${STATE} FROM lanes WHERE lane >= ? AND lane < ? ORDER BY lane`);
    this.#create = db.prepare(
      'INSERT INTO lanes (lane, upto, epoch, run) VALUES (?, NULL, 0, NULL) ON CONFLICT DO NOTHING',
    );
    this.#commit = db.prepare(`UPDATE lanes SET upto = ?, run = ? WHERE ${UNCHANGED}`);
    this.#raise = db.prepare(`UPDATE lanes SET epoch = epoch + 1 WHERE ${UNCHANGED}`);
    this.#publish = db.prepare('UPDATE stamps SET pending = 0 WHERE lane = ? AND run = ?');
    this.#discard = db.prepare('DELETE FROM stamps WHERE lane = ? AND run = ? AND pending = 1');
    this.#pending = db.prepare('SELECT lane, run FROM stamps WHERE pending = 1 ORDER BY lane, run');
    this.#sweepThresholds = db.prepare(`DELETE FROM thresholds WHERE lane = ? AND ttl <= ? AND ${LIVE}`);
    this.#sweepHeld = db.prepare(
      `DELETE FROM held WHERE lane = ?1 AND ${LIVE} AND created <= coalesce(
         (SELECT min(thresholdtime) FROM thresholds WHERE lane = ?1 AND ${LIVE}), ${Number.MAX_SAFE_INTEGER})`,
    );
    this.#hits = db.prepare(
      `SELECT grp, filter, sum(hits), max(at) FROM filter_hits WHERE ${LIVE} GROUP BY grp, filter ORDER BY grp, filter`,
    );
  }

  states(lanes: readonly string[]): Promise<ReadonlyMap<string, LaneState>> {
    return asPromise(() => {
      const rows = this.#states.all(JSON.stringify(lanes.map(encodeText)));
      return new Map(toLaneStates(rows).map((state) => [state.lane, state]));
    });
  }

  statesByPrefix(prefix: string): Promise<readonly LaneState[]> {
    return asPromise(() => {
      const first = encodeText(prefix);
      return toLaneStates(this.#under.all(first, first + LAST_CODE_POINT));
    });
  }

  writeAhead(stamp: Stamp, rows: readonly PendingRow[]): Promise<void> {
    return asPromise(() => this.#db.write(() => this.#rows.write(stamp, rows), false));
  }

  commit(commits: readonly LaneCommit[]): Promise<readonly boolean[]> {
    if (commits.length === 0) return Promise.resolve([]);
    return asPromise(() =>
      this.#db.write(() =>
        commits.map(({ state, to, run }) => {
          this.#create.run(encodeText(state.lane));
          return this.#commit.run(to, encodeText(run), ...unchangedSince(state)).changes === 1;
        }),
      ),
    );
  }

  publish(stamps: readonly Stamp[]): Promise<void> {
    return this.#forEach(stamps, this.#publish);
  }

  discard(stamps: readonly Stamp[]): Promise<void> {
    return this.#forEach(stamps, this.#discard);
  }

  #forEach(stamps: readonly Stamp[], statement: Statement<[]>): Promise<void> {
    if (stamps.length === 0) return Promise.resolve();
    return asPromise(() =>
      this.#db.write(() => {
        for (const { lane, run } of stamps) statement.run(encodeText(lane), encodeText(run));
      }, false),
    );
  }

  sweep(lane: string, to: Instant): Promise<void> {
    return asPromise(() =>
      this.#db.write(() => {
        this.#sweepThresholds.run(encodeText(lane), to);
        this.#sweepHeld.run(encodeText(lane));
      }, false),
    );
  }

  pending(): Promise<readonly Stamp[]> {
    return asPromise(() =>
      this.#pending.all().map(([lane, run]) => ({ lane: decodeText(lane), run: decodeText(run) })),
    );
  }

  raiseEpoch(state: LaneState): Promise<boolean> {
    return asPromise(() =>
      this.#db.write(() => {
        this.#create.run(encodeText(state.lane));
        return this.#raise.run(...unchangedSince(state)).changes === 1;
      }),
    );
  }

  hits(): Promise<readonly HitsOfFilter[]> {
    return asPromise(() =>
      this.#hits.all().map(([group, filter, hits, lastHit]) => {
        return { group: decodeText(group), filter: decodeText(filter), hits, lastHit };
      }),
    );
  }
}

function toLaneStates(rows: readonly StateRow[]): LaneState[] {
  // Most of tens of thousands of lanes were committed by the same run, whose name is held once.
  const runs = new Map<string, string>();
  const runOf = (text: string): string => {
    let run = runs.get(text);
    if (run === undefined) runs.set(text, (run = decodeText(text)));
    return run;
  };
  return rows.map(([lane, upto, epoch, run]) => ({
    lane: decodeText(lane),
    to: upto ?? undefined,
    epoch,
    run: run === null ? undefined : runOf(run),
  }));
}

/** The parameters of {@link UNCHANGED}. */
function unchangedSince({ lane, to, epoch, run }: LaneState): [string, number | null, number, string | null] {
  return [encodeText(lane), to ?? null, epoch, run === undefined ? null : encodeText(run)];
}
