import { PARTS } from '../model/report.ts';
import type { Database, Statement } from '../store/embedded/database.ts';
import { decodeText, encodeText } from '../store/embedded/text.ts';
import type { ScratchEvent } from './port.ts';

export const EVENT_TABLES = `
CREATE TABLE events (seq INTEGER PRIMARY KEY, lane INTEGER NOT NULL, part INTEGER NOT NULL, storagetime INTEGER NOT NULL, id TEXT NOT NULL,
  class TEXT NOT NULL, sources TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE event_sources (lane INTEGER NOT NULL, source TEXT NOT NULL, part INTEGER NOT NULL, storagetime INTEGER NOT NULL, id TEXT NOT NULL,
  seq INTEGER NOT NULL);
`;

const ORDER_INDEX = 'CREATE INDEX IF NOT EXISTS events_order ON events (lane, part, storagetime, id)';
const SOURCE_INDEX = `
CREATE INDEX IF NOT EXISTS event_sources_order ON event_sources (lane, source, part, storagetime, id, seq)`;

/** Events read at a time: each may be as long as an event may be. */
const PAGE = 32;

type EventRow = readonly [
  storageTime: number,
  id: string,
  seq: number,
  eventClass: string,
  sources: string,
  body: string,
];
const COLUMNS = 'e.storagetime, e.id, e.seq, e.class, e.sources, e.body';

/**
 * The reported events of a slice: appended as they come, brought into order by an index when they are first asked for. The table that finds
 * those of one source is made, lane by lane, only when somebody asks for one source.
 */
export class ScratchEvents {
  readonly #db: Database;
  readonly #add: Statement<[]>;
  readonly #ofLane: Statement<EventRow>;
  readonly #ofSource: Statement<EventRow>;
  readonly #forgetSources: Statement<[]>;
  readonly #findSources: Statement<[]>;
  readonly #lanesBySource = new Set<number>();
  #ordered = false;

  constructor(db: Database) {
    this.#db = db;
    this.#add = db.prepare(
      'INSERT INTO events (lane, part, storagetime, id, class, sources, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    );
    this.#ofLane = db.prepare(
      `SELECT ${COLUMNS} FROM events e WHERE e.lane = ? AND e.part = ? AND (e.storagetime, e.id, e.seq) > (?, ?, ?)
       ORDER BY e.storagetime, e.id, e.seq LIMIT ${PAGE}`,
    );
    this.#ofSource = db.prepare(
      `SELECT ${COLUMNS} FROM event_sources s CROSS JOIN events e ON e.seq = s.seq
       WHERE s.lane = ? AND s.part = ? AND (s.storagetime, s.id, s.seq) > (?, ?, ?) AND s.source = ?
       ORDER BY s.storagetime, s.id, s.seq LIMIT ${PAGE}`,
    );
    this.#forgetSources = db.prepare('DELETE FROM event_sources WHERE lane = ?');
    this.#findSources = db.prepare(
      `INSERT INTO event_sources (lane, source, part, storagetime, id, seq)
       SELECT DISTINCT e.lane, s.value, e.part, e.storagetime, e.id, e.seq FROM events e, json_each(e.sources) s WHERE e.lane = ?`,
    );
  }

  add(lane: number, { part, storageTime, id, eventClass, sources, body }: ScratchEvent): void {
    const names = JSON.stringify(sources.map(encodeText));
    this.#add.run(
      lane,
      PARTS.indexOf(part),
      storageTime,
      encodeText(id),
      encodeText(eventClass),
      names,
      body,
    );
    this.#lanesBySource.delete(lane);
  }

  *all(lane: number, source?: string): Generator<ScratchEvent, void, undefined> {
    this.#bringIntoOrder();
    if (source !== undefined) this.#findSourcesOf(lane);
    for (const [index, part] of PARTS.entries()) {
      for (const row of this.#rows(lane, index, source)) {
        const [storageTime, id, , eventClass, sources, body] = row;
        yield {
          part,
          id: decodeText(id),
          storageTime,
          eventClass: decodeText(eventClass),
          sources: (JSON.parse(sources) as string[]).map(decodeText),
          body,
        };
      }
    }
  }

  *#rows(lane: number, part: number, source: string | undefined): Generator<EventRow, void, undefined> {
    let last: readonly [number, string, number] = [Number.MIN_SAFE_INTEGER, '', 0];
    for (;;) {
      const rows =
        source === undefined
          ? this.#ofLane.all(lane, part, ...last)
          : this.#ofSource.all(lane, part, ...last, encodeText(source));
      yield* rows;
      if (rows.length < PAGE) return;
      const [storageTime, id, seq] = rows.at(-1)!;
      last = [storageTime, id, seq];
    }
  }

  #bringIntoOrder(): void {
    if (this.#ordered) return;
    this.#db.exec(ORDER_INDEX);
    this.#ordered = true;
  }

  #findSourcesOf(lane: number): void {
    if (this.#lanesBySource.has(lane)) return;
    this.#db.exec(SOURCE_INDEX);
    this.#forgetSources.run(lane);
    this.#findSources.run(lane);
    this.#lanesBySource.add(lane);
  }
}
