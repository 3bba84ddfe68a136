import type { Instant } from '../../model/time.ts';
import type { HeldQuery, Journal, ThresholdsQuery } from '../port.ts';
import type { HeldPart, Stamp, ThresholdsPart } from '../pending-rows.ts';
import { asPromise, iterateAsync } from './async.ts';
import type { Database, Statement } from './database.ts';
import { decodeText, encodeText } from './text.ts';

type LaneThresholds = ThresholdsPart & Stamp;
type ThresholdsRow = readonly [
  lane: string,
  run: string,
  part: number,
  thresholdtime: number,
  ttl: number,
  relapsetime: number,
  keys: string,
];
type HeldRow = readonly [part: number, created: number, keys: string, entries: Uint8Array];

/**
 * The lanes' memory, part by part. The numbers of the parts are read first, a few bytes each, and every part when its turn comes; one that
 * was swept in between is left out: it had been worked.
 */
export class EmbeddedJournal implements Journal {
  readonly #findThresholds: Statement<[id: number]>;
  readonly #thresholds: Statement<ThresholdsRow>;
  readonly #ended: Statement<[lane: string]>;
  readonly #findHeld: Statement<[id: number]>;
  readonly #held: Statement<HeldRow>;
  readonly #forget: Statement<[]>;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.#findThresholds = db.prepare(
      `SELECT t.id FROM json_each(?) i CROSS JOIN thresholds t ON t.lane = i.value JOIN stamps s ON s.stamp = t.stamp
       WHERE t.ttl <= ? AND s.pending = 0 ORDER BY t.thresholdtime, t.id`,
    );
    this.#thresholds = db.prepare(
      `SELECT t.lane, s.run, t.part, t.thresholdtime, t.ttl, t.relapsetime, t.keys
       FROM thresholds t JOIN stamps s ON s.stamp = t.stamp WHERE t.id = ?`,
    );
    this.#ended = db.prepare(
      `SELECT i.value FROM json_each(?) i WHERE EXISTS (
         SELECT 1 FROM thresholds t JOIN stamps s ON s.stamp = t.stamp WHERE t.lane = i.value AND t.ttl <= ? AND s.pending = 0)`,
    );
    this.#findHeld = db.prepare(
      `SELECT h.id FROM held h JOIN stamps s ON s.stamp = h.stamp
       WHERE h.lane = ? AND h.created > ? AND (s.pending = 0 OR s.run = ?) ORDER BY h.id`,
    );
    this.#held = db.prepare('SELECT part, created, keys, entries FROM held WHERE id = ?');
    this.#forget = db.prepare(
      'DELETE FROM thresholds WHERE stamp = (SELECT stamp FROM stamps WHERE lane = ? AND run = ? AND pending = 0)',
    );
  }

  forget({ lane, run }: Stamp): Promise<void> {
    return asPromise(() => void this.#db.write(() => this.#forget.run(encodeText(lane), encodeText(run))));
  }

  thresholds(query: ThresholdsQuery): AsyncIterable<LaneThresholds> {
    return iterateAsync(this.#eachThresholds(query));
  }

  expiredLanes(lanes: readonly string[], by: Instant): Promise<ReadonlySet<string>> {
    return asPromise(() => {
      const names = JSON.stringify(lanes.map(encodeText));
      return new Set(this.#ended.all(names, by).map(([lane]) => decodeText(lane)));
    });
  }

  held(query: HeldQuery): AsyncIterable<HeldPart> {
    return iterateAsync(this.#eachHeld(query));
  }

  *#eachThresholds({
    lanes,
    expiredBy: endedBy,
  }: ThresholdsQuery): Generator<LaneThresholds, void, undefined> {
    const names = JSON.stringify(lanes.map(encodeText));
    for (const [id] of this.#findThresholds.all(names, endedBy ?? Number.MAX_SAFE_INTEGER)) {
      const row = this.#thresholds.get(id);
      if (row === undefined) continue;
      const [lane, run, part, thresholdtime, ttl, relapsetime, keys] = row;
      yield {
        lane: decodeText(lane),
        run: decodeText(run),
        part,
        thresholdtime,
        ttl,
        relapsetime,
        keys: JSON.parse(keys) as ThresholdsPart['keys'],
      };
    }
  }

  *#eachHeld({ lane, run, after }: HeldQuery): Generator<HeldPart, void, undefined> {
    for (const [id] of this.#findHeld.all(encodeText(lane), after, encodeText(run))) {
      const row = this.#held.get(id);
      if (row === undefined) continue;
      const [part, created, keys, entries] = row;
      yield { part, created, keys: JSON.parse(keys) as HeldPart['keys'], entries };
    }
  }
}
