import { MongoBulkWriteError, type Filter, type FindCursor } from 'mongodb';
import type { EventView, RawEvent } from '../../model/event/event.ts';
import { chunks } from '../../model/chunks.ts';
import type { EventStore, LanesQuery, SliceQuery } from '../port.ts';
import { createView, LastBody } from './event/byte-view.ts';
import type { Connection, EventDocument } from './connection.ts';
import { readBatches } from './read-batches.ts';
import { toDocument } from './event/event-document.ts';
import { detectLayout, type EventLayout, type EventRoot } from './event/event-layout.ts';
import { mergeEvents } from './merge-events.ts';
import { findNamedGroups } from './named-groups.ts';
import { hasOnlyDuplicateKeys } from './concurrent-insert.ts';
import { sliceFilter, sliceOptions } from './slice-query.ts';

const INSERT = 500;

/**
 * The events of a collection, which are never changed. A slice is read as raw replies, by one cursor for each key and kind of storage times.
 */
export class MongoEvents implements EventStore {
  readonly #connection: Connection;
  readonly #lastBody = new LastBody();
  #layout: Promise<EventLayout> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * How the events lie, found out once; as long as there are none, again each time.
   * @throws UserError see detectLayout
   */
  async layout(): Promise<EventLayout> {
    const asked = (this.#layout ??= this.#connection.guard(() => detectLayout(this.#connection)));
    let found: EventLayout | undefined;
    try {
      return (found = await asked);
    } finally {
      // Concurrent callers share one detection.
      if ((found?.roots.length ?? 0) === 0 && this.#layout === asked) this.#layout = undefined;
    }
  }

  async *slice(query: SliceQuery): AsyncGenerator<readonly EventView[], void, undefined> {
    const { roots } = await this.layout();
    const [first, ...more] = roots.map((root) => this.#read(root, query));
    if (first !== undefined) yield* more.reduce(mergeEvents, first);
  }

  async *#read(root: EventRoot, query: SliceQuery): AsyncGenerator<readonly EventView[], void, undefined> {
    const { from, to } = query;
    const cursor = this.#connection.events.find(sliceFilter(root, query), sliceOptions(root));
    for await (const views of this.#views(cursor)) {
      const inside =
        root.kind === 'date'
          ? views
          : views.filter(({ storageTime }) => from <= storageTime && storageTime < to);
      if (inside.length > 0) yield inside;
    }
  }

  /** @param cursor returns documents as bytes */
  async *#views(cursor: FindCursor): AsyncGenerator<EventView[], void, undefined> {
    for await (const batch of readBatches(cursor, this.#connection.where))
      yield batch.map((bytes) => createView(bytes as Buffer, this.#lastBody));
  }

  async groupsIn(query: LanesQuery): Promise<ReadonlySet<string>> {
    const { roots } = await this.layout();
    const named = await Promise.all(roots.map((root) => findNamedGroups(this.#connection, root, query)));
    return new Set(named.flatMap((groups) => [...groups]));
  }

  async byId(ids: readonly string[]): Promise<ReadonlyMap<string, EventView>> {
    const found = new Map<string, EventView>();
    if (ids.length > 0) await this.#find('_id', ids, found);
    const missing = ids.filter((id) => !found.has(id));
    const isElsewhere = missing.length > 0 && (await this.layout()).idIndex !== undefined;
    if (isElsewhere) await this.#find('ID', missing, found);
    return found;
  }

  async #find(key: '_id' | 'ID', ids: readonly string[], found: Map<string, EventView>): Promise<void> {
    const filter: Filter<EventDocument> = { [key]: { $in: [...ids] } };
    const cursor = this.#connection.events.find(filter, { raw: true, batchSize: 1000 });
    for await (const views of this.#views(cursor)) for (const view of views) found.set(view.id, view);
  }

  async insert(events: readonly RawEvent[]): Promise<{ stored: number; duplicate: number }> {
    let stored = 0;
    for (const some of chunks(events, INSERT)) stored += await this.#insert(some.map(toDocument));
    return { stored, duplicate: events.length - stored };
  }

  async #insert(documents: EventDocument[]): Promise<number> {
    const options = { ordered: false, writeConcern: { w: 'majority', journal: true } } as const;
    return this.#connection.guard(async () => {
      try {
        return (await this.#connection.events.insertMany(documents, options)).insertedCount;
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError) || !hasOnlyDuplicateKeys(error)) throw error;
        return error.insertedCount;
      }
    });
  }
}
