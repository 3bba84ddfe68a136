import type { InitResult } from '../port.ts';
import { Connection, type MongoLocation } from './connection.ts';
import { detectLayout, sliceIndex, timeIndex } from './event/event-layout.ts';
import { createCollection, createSchema } from './schema.ts';

export interface InitOptions extends MongoLocation {
  /** Whether to create indexes on the events' collection, too, which belongs to other programs. */
  readonly eventsIndex?: boolean;
}

/**
 * Creates our collections and indexes and the events' collection where they are missing.
 * @throws UserError when the server cannot be used, or the user may not do this
 */
export async function initMongoStore(uri: string, options: InitOptions = {}): Promise<InitResult> {
  // Creating an index on a hundred million events may take hours.
  const connection = new Connection(uri, { ...options, socketTimeoutMS: 0 });
  try {
    await connection.open();
    const { created, existing } = await createSchema(connection);
    const events = await createEventsCollection(connection, options.eventsIndex === true);
    return {
      store: connection.where,
      created: [...created, ...events.created],
      existing: [...existing, ...events.existing],
    };
  } finally {
    await connection.close();
  }
}

function createEventsCollection(
  connection: Connection,
  withIndexes: boolean,
): Promise<{ created: string[]; existing: string[] }> {
  return connection.guard(async () => {
    const { events, client } = connection;
    const [created, existing]: [string[], string[]] = [[], []];
    const name = events.collectionName;
    const found = await client.db(events.dbName).listCollections({ name }, { nameOnly: true }).toArray();
    (found.length > 0 ? existing : created).push(name);
    if (found.length === 0) await createCollection(client.db(events.dbName), name);
    if (!withIndexes) return { created, existing };
    const paths = (await detectLayout(connection)).roots.map((root) => root.path);
    const known = (await events.indexes()).map((index) => JSON.stringify(index.key));
    for (const path of paths.length > 0 ? paths : (['_CESNET'] as const)) {
      for (const key of [sliceIndex(path), timeIndex(path)]) {
        const isKnown = known.includes(JSON.stringify(key));
        (isKnown ? existing : created).push(`${name} ${JSON.stringify(key)}`);
        if (!isKnown) await events.createIndex(key);
      }
    }
    return { created, existing };
  });
}
