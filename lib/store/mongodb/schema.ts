import { MongoServerError, type Db, type IndexDescription } from 'mongodb';
import { UserError } from '../../model/user-error.ts';
import type { Connection } from './connection.ts';
import { ignoreConcurrentInsert } from './concurrent-insert.ts';

/** Raised with every incompatible change of our collections; indexes do not count. */
export const SCHEMA_VERSION = 1;

export const GROUPS = 'reporter_groups';
export const LANES = 'reporter_lanes';
export const JOURNAL = 'reporter_journal';
export const REPORTS = 'reporter_reports';
export const ENTRIES = 'reporter_report_entries';
export const OUTBOX = 'reporter_outbox';
export const MESSAGES = 'reporter_messages';
export const HITS = 'reporter_filter_hits';
export const META = 'reporter_meta';

/** Members of every row that a lane's run writes. */
export interface Stamped {
  lane: string;
  run: string;
  /** True until the lane's commit. */
  pending: boolean;
}

/** Collections with stamped rows, in the order in which they are made live: mails last, when their reports are visible. */
export const STAMPED = [JOURNAL, ENTRIES, HITS, REPORTS, MESSAGES, OUTBOX] as const;

/** Serves finding, publishing and discarding the pending rows of a stamp; empty between runs. */
const PENDING: IndexDescription = {
  name: 'pending',
  key: { pending: 1, run: 1, lane: 1 },
  partialFilterExpression: { pending: true },
};

/**
 * Indexes beside `_id`. The first one of each collection is unique and begins with a suitable shard key. Those of the journal have a lane's
 * parts in the order in which they are read.
 */
export const INDEXES: Readonly<Record<string, readonly IndexDescription[]>> = {
  [GROUPS]: [{ name: 'edition_name', key: { edition: 1, name: 1 }, unique: true }],
  [LANES]: [],
  [JOURNAL]: [
    { name: 'part', key: { lane: 1, run: 1, kind: 1, part: 1 }, unique: true },
    {
      name: 'thresholds',
      key: { lane: 1, thresholdtime: 1, _id: 1, ttl: 1 },
      partialFilterExpression: { kind: 'thresholds' },
    },
    { name: 'held', key: { lane: 1, created: 1, _id: 1 }, partialFilterExpression: { kind: 'held' } },
    PENDING,
  ],
  [REPORTS]: [
    { name: 'label', key: { label: 1, run: 1, lane: 1 }, unique: true },
    { name: 'createtime_label', key: { createtime: -1, label: 1 } },
    { name: 'group_createtime', key: { group: 1, createtime: -1 } },
    { name: 'lane_run', key: { lane: 1, run: 1 } },
    PENDING,
  ],
  [ENTRIES]: [{ name: 'label', key: { label: 1, run: 1, lane: 1, part: 1 }, unique: true }, PENDING],
  [OUTBOX]: [
    { name: 'label', key: { label: 1, run: 1, lane: 1, number: 1 }, unique: true },
    { name: 'state_next', key: { pending: 1, state: 1, next: 1, _id: 1 } },
    PENDING,
  ],
  [MESSAGES]: [{ name: 'label', key: { label: 1, run: 1, lane: 1, chunk: 1 }, unique: true }, PENDING],
  [HITS]: [{ name: 'filter', key: { group: 1, filter: 1, lane: 1, run: 1 }, unique: true }, PENDING],
  [META]: [],
};

export interface MetaDocument {
  _id: string;
  version?: number;
  value?: unknown;
  edition?: unknown;
}

/**
 * Creates our collections and indexes in a new store, and refuses a store of another version.
 * @param readOnly nothing is created
 * @throws UserError
 */
export async function prepareSchema(connection: Connection, readOnly: boolean): Promise<void> {
  const found = await readSchemaVersion(connection);
  if (found === SCHEMA_VERSION || (found === undefined && readOnly)) return;
  if (found !== undefined) {
    throw new UserError({
      what: 'the store was created by another version of this program',
      where: connection.where,
      got: found,
      expected: `schema ${SCHEMA_VERSION}`,
      hint: 'update the program',
    });
  }
  await createSchema(connection);
}

/** Undefined when the store has none of our collections. */
export function readSchemaVersion(connection: Connection): Promise<number | undefined> {
  return connection.run(async (session) => {
    const meta = connection.collection<MetaDocument>(META);
    return (await meta.findOne({ _id: 'schema' }, { session }))?.version;
  });
}

/** Creates those of our collections and indexes that are missing. */
export async function createSchema(
  connection: Connection,
): Promise<{ created: string[]; existing: string[] }> {
  const [created, existing]: [string[], string[]] = [[], []];
  await connection.guard(async () => {
    for (const [name, indexes] of Object.entries(INDEXES)) {
      const known = await readIndexNames(connection, name);
      const missing = indexes.filter((index) => !known.includes(index.name!));
      (known.length > 0 ? existing : created).push(name);
      existing.push(
        ...indexes.filter((index) => !missing.includes(index)).map((index) => indexTitle(name, index)),
      );
      created.push(...missing.map((index) => indexTitle(name, index)));
      if (known.length === 0) await createCollection(connection.own, name);
      if (missing.length > 0) await connection.own.collection(name).createIndexes(missing);
    }
    const set = { $setOnInsert: { version: SCHEMA_VERSION } };
    const meta = connection.collection<MetaDocument>(META);
    await ignoreConcurrentInsert(meta.updateOne({ _id: 'schema' }, set, { upsert: true }));
  });
  return { created, existing };
}

function indexTitle(collection: string, index: IndexDescription): string {
  return `${collection}.${index.name!}`;
}

const COLLECTION_EXISTS = 48;

/** Creates an empty collection; it may exist already. */
export async function createCollection(database: Db, name: string): Promise<void> {
  try {
    await database.createCollection(name);
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== COLLECTION_EXISTS) throw error;
  }
}

/** Names of a collection's indexes; empty when there is no such collection. */
export async function readIndexNames(connection: Connection, collection: string): Promise<string[]> {
  const found = await connection.own.listCollections({ name: collection }, { nameOnly: true }).toArray();
  if (found.length === 0) return [];
  return (await connection.own.collection(collection).indexes()).map((index) => index.name!);
}
