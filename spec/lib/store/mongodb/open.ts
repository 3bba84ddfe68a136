import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { openMongoStore, type MongoOptions, type MongoStore } from '../../../../lib/store/mongodb/index.ts';
import type { Store } from '../../../../lib/store/port.ts';
import { sharedUri } from '../../../support/mongod.ts';
import type { ContractStore } from '../contract/open.ts';

export interface OpenedMongo extends ContractStore {
  readonly uri: string;
  readonly database: string;
  /** For looking at the data, and for putting strange ones there. */
  readonly client: MongoClient;
  readonly open: (options?: MongoOptions) => Promise<MongoStore>;
}

const databases: string[] = [];

/** A new store with an empty collection of events, in a database of its own on the shared server. */
export async function openMongoForSpec(): Promise<OpenedMongo> {
  const uri = await sharedUri();
  const client = await new MongoClient(uri).connect();
  const database = databases.pop() ?? `spec-${randomUUID()}`;
  const handles: Store[] = [];
  const open = async (options: MongoOptions = {}) => {
    const store = await openMongoStore(uri, { database, ...options });
    handles.push(store);
    return store;
  };
  const known = await client.db(database).listCollections({ name: 'alerts' }).toArray();
  if (known.length === 0) await client.db(database).createCollection('alerts');
  return {
    ...{ uri, database, client, open },
    store: await open(),
    reopen: () => open(),
    destroy: async () => {
      for (const handle of handles) await handle.close();
      await empty(client, database);
      // Making collections and indexes is what takes time: the next spec gets them as they are.
      databases.push(database);
      await client.close();
    },
  };
}

async function empty(client: MongoClient, database: string): Promise<void> {
  const collections = await client.db(database).collections();
  await Promise.all(
    collections.map((collection) =>
      collection.deleteMany(
        collection.collectionName === 'reporter_meta' ? { _id: { $ne: 'schema' as never } } : {},
      ),
    ),
  );
}
