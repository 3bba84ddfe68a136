import type { EventView, RawEvent } from '../../model/event/event.ts';
import { ObjectView } from '../../model/event/object-view.ts';
import type { EventStore, LanesQuery, SliceQuery } from '../port.ts';
import { asPromise, iterateAsync } from './async.ts';
import type { Database, Statement } from './database.ts';
import { mergeStreams, type StreamPage } from './merge-streams.ts';
import {
  EventDetails,
  HEAD_COLUMNS,
  packExcerpt,
  packGroups,
  packAddresses,
  StoredEvent,
  type HeadRow,
} from './stored-event.ts';
import { decodeText, encodeText } from './text.ts';

const BATCH = 500;
const MAX_STREAMS_KNOWN = 20_000;

/** Reads a page of a stream; a spec checks its plan. */
export const STREAM_PAGE = `
  SELECT ${HEAD_COLUMNS} FROM event_groups g CROSS JOIN heads h ON h.seq = g.seq
  WHERE g.stream = ? AND (g.storagetime, g.id) > (?, ?) AND g.storagetime < ?
  ORDER BY g.storagetime, g.id LIMIT ?`;

/** Finds the streams that have events in a window. */
export const STREAMS_IN = `
  SELECT s.grp FROM json_each(?) i CROSS JOIN streams s ON s.severity = ? AND s.test = ? AND s.grp = i.value
  WHERE EXISTS (SELECT 1 FROM event_groups g WHERE g.stream = s.stream AND g.storagetime >= ? AND g.storagetime < ?)`;

/** Events in SQLite: heads, bodies, and streams in the order in which slices are read. */
export class EmbeddedEvents implements EventStore {
  readonly #db: Database;
  readonly #details: EventDetails;
  readonly #page: StreamPage;
  readonly #streamsIn: Statement<[group: string]>;
  readonly #byId: Statement<readonly [...HeadRow, severity: string | null, test: number]>;
  readonly #findStream: Statement<[number]>;
  readonly #addHead: Statement<[]>;
  readonly #addBody: Statement<[]>;
  readonly #addExcerpt: Statement<[]>;
  readonly #addStream: Statement<[]>;
  readonly #addToStream: Statement<[]>;
  readonly #streams = new Map<string, number>();

  constructor(db: Database) {
    this.#db = db;
    this.#details = new EventDetails(db);
    this.#page = db.prepare(STREAM_PAGE);
    this.#streamsIn = db.prepare(STREAMS_IN);
    this.#byId = db.prepare(
      `SELECT ${HEAD_COLUMNS}, h.severity, h.test FROM json_each(?) i CROSS JOIN heads h ON h.id = i.value`,
    );
    this.#findStream = db.prepare('SELECT stream FROM streams WHERE severity = ? AND test = ? AND grp = ?');
    this.#addHead = db.prepare(
      `INSERT INTO heads (id, storagetime, severity, test, class, sources, fallback, groups) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO NOTHING`,
    );
    this.#addBody = db.prepare('INSERT INTO bodies (seq, body) VALUES (?, ?)');
    this.#addExcerpt = db.prepare('INSERT INTO excerpts (seq, excerpt) VALUES (?, ?)');
    this.#addStream = db.prepare('INSERT INTO streams (severity, test, grp) VALUES (?, ?, ?)');
    this.#addToStream = db.prepare(
      'INSERT INTO event_groups (stream, storagetime, id, seq) VALUES (?, ?, ?, ?)',
    );
  }

  slice(query: SliceQuery): AsyncIterable<readonly EventView[]> {
    return iterateAsync(this.#batches(query));
  }

  *#batches(query: SliceQuery): Generator<readonly EventView[], void, undefined> {
    for (const batch of this.#heads(query)) {
      if (query.fields.size > 0) this.#details.prefetch(batch, query.fields);
      yield batch;
    }
  }

  *#heads({
    severity,
    groups,
    from,
    to,
    test,
  }: SliceQuery): Generator<readonly StoredEvent[], void, undefined> {
    const streams = [...new Set(groups)]
      .map((group) => this.#streamOf(severity, test, group))
      .filter((stream) => stream !== undefined);
    let batch: StoredEvent[] = [];
    for (const head of mergeStreams(streams, this.#page, from, to)) {
      batch.push(new StoredEvent(head, severity, test, this.#details));
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }

  groupsIn({ severity, groups, from, to, test }: LanesQuery): Promise<ReadonlySet<string>> {
    return asPromise(() => {
      const names = JSON.stringify(groups.map(encodeText));
      const found = this.#streamsIn.all(names, encodeText(severity), test ? 1 : 0, from, to);
      return new Set(found.map(([group]) => decodeText(group)));
    });
  }

  byId(ids: readonly string[]): Promise<ReadonlyMap<string, EventView>> {
    return asPromise(() => {
      const found = new Map<string, EventView>();
      for (const row of this.#byId.all(JSON.stringify(ids.map(encodeText)))) {
        const [seq, storageTime, id, eventClass, sources, fallback, groups, severity, test] = row;
        const head: HeadRow = [seq, storageTime, id, eventClass, sources, fallback, groups];
        found.set(id, new StoredEvent(head, severity ?? undefined, test === 1, this.#details));
      }
      return found;
    });
  }

  insert(events: readonly RawEvent[]): Promise<{ stored: number; duplicate: number }> {
    return asPromise(() => {
      try {
        const stored = this.#db.write(() => events.filter((raw) => this.#add(new ObjectView(raw))).length);
        return { stored, duplicate: events.length - stored };
      } catch (error) {
        // Streams created by the transaction were rolled back.
        this.#streams.clear();
        throw error;
      }
    });
  }

  /** False when an event with this ID is stored already. */
  #add(event: ObjectView): boolean {
    const { severity, groups, sources, storageTime, test } = event;
    const id = encodeText(event.id);
    const { changes, lastInsertRowid: seq } = this.#addHead.run(
      id,
      storageTime,
      severity === undefined ? null : encodeText(severity),
      test ? 1 : 0,
      encodeText(event.eventClass),
      packAddresses(event),
      sources.length === 0 ? encodeText(event.fallback.text) : null,
      groups === undefined ? null : packGroups(groups),
    );
    if (changes === 0) return false;
    this.#addBody.run(seq, event.bodyText());
    this.#addExcerpt.run(seq, packExcerpt(event.body()));
    if (severity === undefined) return true;
    for (const group of groups ?? []) {
      const stream = this.#streamOf(severity, test, group) ?? this.#createStream(severity, test, group);
      this.#addToStream.run(stream, storageTime, id, seq);
    }
    return true;
  }

  /** The number of a stream; undefined when it does not exist. */
  #streamOf(severity: string, test: boolean, group: string): number | undefined {
    const name = streamName(severity, test, group);
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const found = this.#findStream.get(encodeText(severity), test ? 1 : 0, encodeText(group))?.[0];
    if (found !== undefined) this.#remember(name, found);
    return found;
  }

  #createStream(severity: string, test: boolean, group: string): number {
    const stream = this.#addStream.run(encodeText(severity), test ? 1 : 0, encodeText(group)).lastInsertRowid;
    this.#remember(streamName(severity, test, group), stream);
    return stream;
  }

  #remember(name: string, stream: number): void {
    if (this.#streams.size >= MAX_STREAMS_KNOWN) this.#streams.clear();
    this.#streams.set(name, stream);
  }
}

function streamName(severity: string, test: boolean, group: string): string {
  return JSON.stringify([severity, test, group]);
}
