import type { InitResult } from '../port.ts';
import { Connection, type MongoLocation } from './connection.ts';
import { detectLayout, sliceIndex, timeIndex } from './event/event-layout.ts';
import { createCollection, createSchema } from './schema.ts';

export interface InitOptions extends MongoLocation {
  /** Whether the indexes of the events' collection, which belongs to others, are made as well. */
  readonly eventsIndex?: boolean;
}

/**
 * Makes our collections and indexes and the events' collection, where they are missing.
 * @throws UserError when the server cannot be used, or the user may not do this
 */
export async function initMongoStore(uri: string, options: InitOptions = {}): Promise<InitResult> {
  // An index on a hundred million events takes as long as it takes.
  const connection = new Connection(uri, { ...options, socketTimeoutMS: 0 });
  try {
    await connection.open();
    const { made, there } = await createSchema(connection);
    const events = await createEventsCollection(connection, options.eventsIndex === true);
    return {
      store: connection.where,
      created: [...made, ...events.made],
      existing: [...there, ...events.there],
    };
  } finally {
    await connection.close();
  }
}

function createEventsCollection(
  connection: Connection,
  withIndexes: boolean,
): Promise<{ made: string[]; there: string[] }> {
  return connection.guard(async () => {
    const { events, client } = connection;
    const [made, there]: [string[], string[]] = [[], []];
    const name = events.collectionName;
    const found = await client.db(events.dbName).listCollections({ name }, { nameOnly: true }).toArray();
    (found.length > 0 ? there : made).push(name);
    if (found.length === 0) await createCollection(client.db(events.dbName), name);
    if (!withIndexes) return { made, there };
    const paths = (await detectLayout(connection)).roots.map((root) => root.path);
    const known = (await events.indexes()).map((index) => JSON.stringify(index.key));
    for (const path of paths.length > 0 ? paths : (['_CESNET'] as const)) {
      for (const key of [sliceIndex(path), timeIndex(path)]) {
        const isKnown = known.includes(JSON.stringify(key));
        (isKnown ? there : made).push(`${name} ${JSON.stringify(key)}`);
        if (!isKnown) await events.createIndex(key);
      }
    }
    return { made, there };
  });
}
