import { PARTS, type Entry, type PlacedEntry } from '../model/report.ts';
import type { Database, Statement } from '../store/embedded/database.ts';
import { decodeText, encodeText } from '../store/embedded/text.ts';
import type { EntryPlace, MergeEntries, SourceCount } from './port.ts';

export const ENTRY_TABLES = `
CREATE TABLE entries (seq INTEGER PRIMARY KEY, lane INTEGER NOT NULL, part INTEGER NOT NULL, class TEXT NOT NULL, source TEXT NOT NULL,
  events INTEGER NOT NULL, entry TEXT NOT NULL);
`;

const ORDER_INDEX =
  'CREATE INDEX IF NOT EXISTS entries_order ON entries (lane, part, class, source, seq, events)';
const SOURCE_INDEX =
  'CREATE INDEX IF NOT EXISTS entries_source ON entries (lane, source, part, class, seq, events)';

/** Rows read at a time; the entry of one is up to some ten thousand bytes. */
const PAGE = 64;
const KEYS_PAGE = 500;
/** Partial entries of one place that are merged at once: each merge costs as much as what comes of it. */
const PARTIALS = 64;

type EntryRow = readonly [part: number, eventClass: string, source: string, seq: number, entry: string];
type Key = readonly [part: number, eventClass: string, source: string];
const COLUMNS = 'part, class, source, seq, entry';

/**
 * Partial entries of a slice: appended as they come; put in order by indexes, made when they are first needed, and merged when they are read.
 */
export class ScratchEntries {
  readonly #db: Database;
  readonly #merge: MergeEntries;
  readonly #add: Statement<[]>;
  readonly #ofLane: Statement<EntryRow>;
  readonly #ofSource: Statement<EntryRow>;
  readonly #ofKey: Statement<EntryRow>;
  readonly #largest: Statement<Key>;
  readonly #count: Statement<[number]>;
  readonly #places: Statement<readonly [...Key, events: number]>;
  readonly #placesOfSource: Statement<readonly [...Key, events: number]>;
  readonly #keys: Statement<[eventClass: string, source: string]>;
  readonly #largestSources: Statement<[source: string, events: number]>;
  readonly #countSources: Statement<[number]>;
  readonly #indexes = new Set<string>();

  constructor(db: Database, merge: MergeEntries) {
    this.#db = db;
    this.#merge = merge;
    this.#add = db.prepare(
      'INSERT INTO entries (lane, part, class, source, events, entry) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#ofLane = db.prepare(
      `SELECT ${COLUMNS} FROM entries WHERE lane = ? AND (part, class, source, seq) > (?, ?, ?, ?)
       ORDER BY part, class, source, seq LIMIT ${PAGE}`,
    );
    this.#ofSource = db.prepare(
      `SELECT ${COLUMNS} FROM entries WHERE lane = ? AND source = ? AND (part, class, seq) > (?, ?, ?)
       ORDER BY part, class, seq LIMIT ${PAGE}`,
    );
    this.#ofKey = db.prepare(
      `SELECT ${COLUMNS} FROM entries WHERE lane = ? AND part = ? AND class = ? AND source = ? ORDER BY seq`,
    );
    // Only as many groups as asked for are held while the largest are looked for.
    this.#largest = db.prepare(
      `SELECT part, class, source FROM (
         SELECT part, class, source, sum(events) AS total FROM entries WHERE lane = ? GROUP BY part, class, source
         ORDER BY total DESC, part, class, source LIMIT ?)
       ORDER BY part, class, source`,
    );
    this.#count = db.prepare(
      'SELECT count(*) FROM (SELECT DISTINCT part, class, source FROM entries WHERE lane = ?)',
    );
    this.#places = db.prepare(
      `SELECT part, class, source, sum(events) FROM entries WHERE lane = ? AND (part, class, source) > (?, ?, ?)
       GROUP BY part, class, source ORDER BY part, class, source LIMIT ${KEYS_PAGE}`,
    );
    this.#placesOfSource = db.prepare(
      `SELECT part, class, source, sum(events) FROM entries WHERE lane = ? AND source = ? AND (part, class) > (?, ?)
       GROUP BY part, class ORDER BY part, class LIMIT ${KEYS_PAGE}`,
    );
    this.#keys = db.prepare(
      `SELECT class, source FROM entries WHERE lane = ?1 AND part = 0 AND (class, source) > (?2, ?3)
       UNION SELECT class, source FROM entries WHERE lane = ?1 AND part = 1 AND (class, source) > (?2, ?3)
       ORDER BY class, source LIMIT ${KEYS_PAGE}`,
    );
    this.#largestSources = db.prepare(
      `SELECT source, sum(events) AS total FROM entries WHERE lane = ? GROUP BY source ORDER BY total DESC, source LIMIT ?`,
    );
    this.#countSources = db.prepare(
      'SELECT count(*) FROM (SELECT DISTINCT source FROM entries WHERE lane = ?)',
    );
  }

  add(lane: number, { part, class: eventClass, source, entry }: PlacedEntry): void {
    this.#add.run(
      lane,
      PARTS.indexOf(part),
      encodeText(eventClass),
      encodeText(source),
      entry.event_count,
      JSON.stringify(entry),
    );
  }

  all(lane: number, source?: string): Generator<PlacedEntry, void, undefined> {
    this.#demand(source === undefined ? ORDER_INDEX : SOURCE_INDEX);
    return this.#merged(this.#rows(lane, source));
  }

  *largest(lane: number, limit: number): Generator<PlacedEntry, void, undefined> {
    this.#demand(ORDER_INDEX);
    for (const key of this.#largest.all(lane, limit)) yield* this.#merged(this.#ofKey.all(lane, ...key));
  }

  count(lane: number): number {
    this.#demand(ORDER_INDEX);
    return this.#count.get(lane)![0];
  }

  *places(lane: number, wanted?: string): Generator<EntryPlace, void, undefined> {
    this.#demand(wanted === undefined ? ORDER_INDEX : SOURCE_INDEX);
    let last: Key = [-1, '', ''];
    for (;;) {
      const rows =
        wanted === undefined
          ? this.#places.all(lane, ...last)
          : this.#placesOfSource.all(lane, encodeText(wanted), last[0], last[1]);
      for (const [part, eventClass, source, events] of rows) {
        yield { part: PARTS[part]!, class: decodeText(eventClass), source: decodeText(source), events };
      }
      if (rows.length < KEYS_PAGE) return;
      const [part, eventClass, source] = rows.at(-1)!;
      last = [part, eventClass, source];
    }
  }

  *keys(lane: number): Generator<{ readonly class: string; readonly source: string }, void, undefined> {
    this.#demand(ORDER_INDEX);
    // No class is empty, so that this is before the first key.
    let last: readonly [string, string] = ['', ''];
    for (;;) {
      const rows = this.#keys.all(lane, ...last);
      for (const [eventClass, source] of rows)
        yield { class: decodeText(eventClass), source: decodeText(source) };
      if (rows.length < KEYS_PAGE) return;
      last = rows.at(-1)!;
    }
  }

  largestSources(lane: number, limit: number): SourceCount[] {
    this.#demand(SOURCE_INDEX);
    return this.#largestSources
      .all(lane, limit)
      .map(([source, events]) => ({ source: decodeText(source), events }));
  }

  countSources(lane: number): number {
    this.#demand(SOURCE_INDEX);
    return this.#countSources.get(lane)![0];
  }

  *#rows(lane: number, source: string | undefined): Generator<EntryRow, void, undefined> {
    const wanted = source === undefined ? undefined : encodeText(source);
    let [part, eventClass, last, seq]: readonly [...Key, seq: number] = [-1, '', '', 0];
    for (;;) {
      const rows =
        wanted === undefined
          ? this.#ofLane.all(lane, part, eventClass, last, seq)
          : this.#ofSource.all(lane, wanted, part, eventClass, seq);
      yield* rows;
      if (rows.length < PAGE) return;
      [part, eventClass, last, seq] = rows.at(-1)!;
    }
  }

  /** Makes one entry of the rows of each place; a bounded number of them is held at a time. */
  *#merged(rows: Iterable<EntryRow>): Generator<PlacedEntry, void, undefined> {
    let place: Key | undefined;
    let found: PlacedEntry[] = [];
    for (const [part, eventClass, source, , json] of rows) {
      const same = place?.[0] === part && place[1] === eventClass && place[2] === source;
      if (!same && found.length > 0) yield this.#one(found);
      if (!same) found = [];
      else if (found.length === PARTIALS) found = [this.#one(found)];
      found.push({
        part: PARTS[part]!,
        class: decodeText(eventClass),
        source: decodeText(source),
        entry: JSON.parse(json) as Entry,
      });
      place = [part, eventClass, source];
    }
    if (found.length > 0) yield this.#one(found);
  }

  #one([first, ...more]: readonly PlacedEntry[]): PlacedEntry {
    return more.length === 0 ? first! : this.#merge(first!, ...more);
  }

  #demand(index: string): void {
    if (this.#indexes.has(index)) return;
    this.#db.exec(index);
    this.#indexes.add(index);
  }
}
