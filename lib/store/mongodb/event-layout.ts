import type { Document, Filter, IndexDescriptionInfo } from 'mongodb';
import { UserError } from '../../model/user-error.ts';
import type { Connection, EventDocument } from './connection.ts';

/** How storage times lie in a collection: as BSON dates, as texts `YYYY-MM-DDThh:mm:ss[.f]Z`, or as numbers. */
export const TIME_KINDS = ['date', 'text', 'seconds', 'milliseconds'] as const;
export type TimeKind = (typeof TIME_KINDS)[number];

/** Events whose processing results lie under one key. */
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
const MOST_SECONDS = 1e11;
const SAMPLE = 50;

/** Conditions that times of a kind meet, and no others. */
const RANGES: Readonly<Record<TimeKind, Document>> = {
  date: { $type: 'date' },
  text: { $type: 'string' },
  seconds: { $gte: -Infinity, $lte: MOST_SECONDS },
  milliseconds: { $gt: MOST_SECONDS },
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
 * Where the events of the collection keep their storage times, and how: `_CESNET`, and `_Mentat` of events that have no `_CESNET`. Found out
 * off an index on the storage time, which costs nothing; without one, from the oldest and the newest events. Only where these tell of neither
 * key is the whole collection looked at: most have one of the two, and a run must not look for the other in all events.
 * @throws UserError when the times of one key are of several kinds, or there is no such collection
 */
export async function detectLayout(connection: Connection): Promise<EventLayout> {
  const indexes = await indexesOf(connection);
  const timeIndexes = PATHS.map((path) =>
    indexes.find((index) => isWhole(index) && Object.keys(index.key)[0] === `${path}.StorageTime`),
  );
  let found = await Promise.all(PATHS.map((path, i) => kindsOf(connection, path, timeIndexes[i]?.name)));
  if (found.every((kinds) => kinds.length === 0))
    found = await Promise.all(
      PATHS.map(async (path, i) =>
        timeIndexes[i] === undefined ? kindsAnywhere(connection, path) : Promise.resolve([]),
      ),
    );
  const roots: EventRoot[] = [];
  for (const [i, path] of PATHS.entries()) {
    const [byTime, kinds] = [timeIndexes[i], found[i]!];
    if (kinds.length > 1) throw await mixed(connection, path, kinds);
    const [kind] = kinds;
    if (kind === undefined) continue;
    const wanted = JSON.stringify(sliceIndex(path));
    const index = indexes.find((one) => isWhole(one) && JSON.stringify(one.key) === wanted)?.name;
    roots.push({ path, kind, index, timeIndex: byTime?.name });
  }
  const idIndex = indexes.find((index) => isWhole(index) && Object.keys(index.key)[0] === 'ID')?.name;
  return { roots, idIndex };
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

/** False for an index that leaves documents out. */
function isWhole(index: IndexDescriptionInfo): boolean {
  return index.partialFilterExpression === undefined && index.sparse !== true && index.hidden !== true;
}

/** Events whose storage time under this key meets a condition; of `_Mentat`, only those without `_CESNET`, which goes first. */
export function under(path: EventRoot['path'], condition: Document): Filter<EventDocument> {
  const time = { [`${path}.StorageTime`]: condition };
  return path === '_CESNET' ? time : { ...time, _CESNET: { $not: { $type: 'object' } } };
}

async function kindsOf(
  connection: Connection,
  path: EventRoot['path'],
  hint: string | undefined,
): Promise<TimeKind[]> {
  const { events } = connection;
  if (hint !== undefined) {
    const found = await Promise.all(TIME_KINDS.map((kind) => hasKind(connection, path, kind, { hint })));
    return TIME_KINDS.filter((_, i) => found[i]);
  }
  const kinds = new Set<TimeKind>();
  for (const $natural of [1, -1] as const) {
    const projection = {
      [`${path}.StorageTime`]: 1,
      isOther: path === '_CESNET' ? null : { $type: '$_CESNET' },
    };
    const sample = await events.find({}, { projection, limit: SAMPLE, sort: { $natural } }).toArray();
    for (const { [path]: processing, isOther } of sample) {
      const kind =
        isOther === 'object' ? undefined : kindOf((processing as Document | undefined)?.['StorageTime']);
      if (kind !== undefined) kinds.add(kind);
    }
  }
  return [...kinds];
}

/** The first kind that any event has. */
async function kindsAnywhere(connection: Connection, path: EventRoot['path']): Promise<TimeKind[]> {
  for (const kind of TIME_KINDS) if (await hasKind(connection, path, kind, {})) return [kind];
  return [];
}

async function hasKind(
  { events }: Connection,
  path: EventRoot['path'],
  kind: TimeKind,
  options: { readonly hint?: string },
): Promise<boolean> {
  const found = await events.findOne(under(path, RANGES[kind]), { projection: { _id: 1 }, ...options });
  return found !== null;
}

function kindOf(value: unknown): TimeKind | undefined {
  if (value instanceof Date) return 'date';
  if (typeof value === 'string') return 'text';
  if (value === null || value === undefined || typeof value === 'boolean') return undefined;
  const number = Number(value);
  if (Number.isNaN(number)) return undefined;
  return number > MOST_SECONDS ? 'milliseconds' : 'seconds';
}

async function mixed(
  connection: Connection,
  path: EventRoot['path'],
  kinds: readonly TimeKind[],
): Promise<UserError> {
  const counts = await countKinds(connection, path, kinds);
  const got = kinds.map((kind, i) => `${counts[i]!} ${kind}`).join(', ');
  return new UserError({
    what: `storage times (${path}.StorageTime) are of several kinds: ${got}`,
    where: connection.where,
    expected: 'one kind per collection, best BSON dates',
    hint: 'convert them with an update: an index serves one kind only',
  });
}

function countKinds(
  { events }: Connection,
  path: EventRoot['path'],
  kinds: readonly TimeKind[],
): Promise<number[]> {
  return Promise.all(kinds.map((kind) => events.countDocuments(under(path, RANGES[kind]))));
}

/** Events whose storage time no slice asks for. */
export function untimely(roots: readonly EventRoot[]): Filter<EventDocument> {
  return roots.length === 0 ? {} : { $nor: roots.map(({ path, kind }) => under(path, RANGES[kind])) };
}
