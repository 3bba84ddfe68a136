import type { Document, Filter, FindOptions, IndexDescriptionInfo } from 'mongodb';
import { UserError } from '../../../model/user-error.ts';
import type { Connection, EventDocument } from '../connection.ts';

/** How storage times lie in a collection: as BSON dates, as texts `YYYY-MM-DDThh:mm:ss[.f]Z`, or as numbers. */
export const TIME_KINDS = ['date', 'text', 'seconds', 'milliseconds'] as const;
export type TimeKind = (typeof TIME_KINDS)[number];

/** Events with storage times of one kind under one key. */
export interface EventRoot {
  readonly path: '_CESNET' | '_Mentat';
  readonly kind: TimeKind;
  /** Name of the index that serves slices, when there is one. */
  readonly index: string | undefined;
  /** Name of an index that begins with the storage time, when there is one. */
  readonly timeIndex: string | undefined;
}

/** What is found out about a collection of events before it is read. */
export interface EventLayout {
  /** Empty as long as there are no events. */
  readonly roots: readonly EventRoot[];
  /** Name of an index on `ID`: other writers have something else in `_id`. */
  readonly idIndex: string | undefined;
}

/** Numbers above this are milliseconds (idea-events: Timestamp). */
const MAX_SECONDS = 1e11;
const SAMPLE = 50;

/** Conditions that times of a kind meet, and no others. */
const RANGES: Readonly<Record<TimeKind, Document>> = {
  date: { $type: 'date' },
  text: { $type: 'string' },
  seconds: { $gte: -Infinity, $lte: MAX_SECONDS },
  milliseconds: { $gt: MAX_SECONDS },
};

/** What the index of the lane fetch is made of. */
export function sliceIndex(path: string): Record<string, 1> {
  return { [`${path}.EventSeverity`]: 1, [`${path}.ResolvedAbuses`]: 1, [`${path}.StorageTime`]: 1, _id: 1 };
}

export function timeIndex(path: string): Record<string, 1> {
  return { [`${path}.StorageTime`]: 1 };
}

const PATHS = ['_CESNET', '_Mentat'] as const;

/**
 * Finds out where the events of the collection have their storage times, and of what kinds: `_CESNET`, and `_Mentat` of events without
 * `_CESNET`. Uses an index on the storage time; without one the oldest and newest events, and when those have no storage time under this
 * key, events that have none under the other key, which an index on that key finds at once.
 * @throws UserError when there is no such collection
 */
export async function detectLayout(connection: Connection): Promise<EventLayout> {
  const indexes = (await indexesOf(connection)).filter(isWhole);
  const roots = await Promise.all(PATHS.map((path) => rootsAt(connection, path, indexes)));
  const idIndex = indexes.find((index) => firstKey(index) === 'ID')?.name;
  return { roots: roots.flat(), idIndex };
}

async function rootsAt(
  connection: Connection,
  path: EventRoot['path'],
  indexes: readonly IndexDescriptionInfo[],
): Promise<EventRoot[]> {
  const timeIndex = indexes.find((index) => firstKey(index) === `${path}.StorageTime`)?.name;
  const kinds =
    timeIndex === undefined
      ? await kindsBySample(connection, path, indexes)
      : await kindsByIndex(connection, path, timeIndex);
  const wanted = JSON.stringify(sliceIndex(path));
  const index = indexes.find((one) => JSON.stringify(one.key) === wanted)?.name;
  return kinds.map((kind) => ({ path, kind, index, timeIndex }));
}

function firstKey({ key }: IndexDescriptionInfo): string | undefined {
  return Object.keys(key)[0];
}

async function indexesOf(connection: Connection): Promise<IndexDescriptionInfo[]> {
  const { events } = connection;
  const filter = { name: events.collectionName };
  const found = await connection.client
    .db(events.dbName)
    .listCollections(filter, { nameOnly: true })
    .toArray();
  if (found.length > 0) return events.indexes();
  throw new UserError({
    what: `there is no collection ${events.collectionName}`,
    where: connection.where,
    hint: 'check --database and --collection; --action store-init makes an empty one',
  });
}

/** False for an index that leaves documents out, or takes names for alike that are not, as one with a collation does. */
function isWhole({ partialFilterExpression, sparse, hidden, collation }: IndexDescriptionInfo): boolean {
  return (
    partialFilterExpression === undefined && sparse !== true && hidden !== true && collation === undefined
  );
}

/** Events whose storage time under this key meets a condition; of `_Mentat`, only those without `_CESNET`, which goes first. */
export function timesMatching(path: EventRoot['path'], condition: Document): Filter<EventDocument> {
  const time = { [`${path}.StorageTime`]: condition };
  return path === '_CESNET' ? time : { ...time, _CESNET: { $not: { $type: 'object' } } };
}

/** By an index that begins with the storage time. */
async function kindsByIndex(
  { events }: Connection,
  path: EventRoot['path'],
  hint: string,
): Promise<readonly TimeKind[]> {
  const options = { projection: { _id: 1 }, hint };
  const found = await Promise.all(
    TIME_KINDS.map((kind) => events.findOne(timesMatching(path, RANGES[kind]), options)),
  );
  return TIME_KINDS.filter((_, i) => found[i] !== null);
}

async function kindsBySample(
  connection: Connection,
  path: EventRoot['path'],
  indexes: readonly IndexDescriptionInfo[],
): Promise<readonly TimeKind[]> {
  const [oldest, newest] = await Promise.all(
    ([1, -1] as const).map(($natural) => sampleKinds(connection, path, {}, { sort: { $natural } })),
  );
  const kinds = new Set([...oldest!, ...newest!]);
  if (kinds.size > 0) return [...kinds];
  return [...(await sampleKinds(connection, path, ...findWithoutOther(path, indexes)))];
}

/** Looks for events that have a storage time under this key: among those of which an index says that they have nothing under the other one. */
function findWithoutOther(
  path: EventRoot['path'],
  indexes: readonly IndexDescriptionInfo[],
): [filter: Filter<EventDocument>, options: FindOptions] {
  const timed = timesMatching(path, { $ne: null });
  const other = path === '_CESNET' ? '_Mentat' : '_CESNET';
  for (const key of [`${other}.StorageTime`, `${other}.EventSeverity`]) {
    const hint = indexes.find((index) => firstKey(index) === key)?.name;
    if (hint !== undefined) return [{ ...timed, [key]: null }, { hint }];
  }
  return [timed, {}];
}

/** Of the first few events that are found. */
async function sampleKinds(
  { events }: Connection,
  path: EventRoot['path'],
  filter: Filter<EventDocument>,
  options: FindOptions,
): Promise<ReadonlySet<TimeKind>> {
  const projection = {
    [`${path}.StorageTime`]: 1,
    isOther: path === '_CESNET' ? null : { $type: '$_CESNET' },
  };
  const kinds = new Set<TimeKind>();
  const sample = await events.find(filter, { projection, limit: SAMPLE, ...options }).toArray();
  for (const { [path]: processing, isOther } of sample) {
    const kind =
      isOther === 'object' ? undefined : kindOf((processing as Document | undefined)?.['StorageTime']);
    if (kind !== undefined) kinds.add(kind);
  }
  return kinds;
}

function kindOf(value: unknown): TimeKind | undefined {
  if (value instanceof Date) return 'date';
  if (typeof value === 'string') return 'text';
  if (value === null || value === undefined || typeof value === 'boolean') return undefined;
  const number = Number(value);
  if (Number.isNaN(number)) return undefined;
  return number > MAX_SECONDS ? 'milliseconds' : 'seconds';
}

/** Events without a storage time. */
export function withoutStorageTime(): Filter<EventDocument> {
  return { $nor: PATHS.map((path) => timesMatching(path, { $ne: null })) };
}
