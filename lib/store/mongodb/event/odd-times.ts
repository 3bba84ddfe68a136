import { MongoServerError, type Document } from 'mongodb';
import { formatCount } from '../../../model/text/format.ts';
import type { Connection } from '../connection.ts';
import type { EventLayout, EventRoot, TimeKind } from './event-layout.ts';

/*
 * The query of a slice cuts windows out of storage times of known kinds: dates, numbers, and texts of one form. An event whose storage time is
 * in any other form is in no window, and has to be counted instead.
 */

/** Texts whose order is that of the instants. */
const CANONICAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const NUMBERS = ['double', 'int', 'long', 'decimal'] as const;
const OTHER_TYPES = [
  ...['object', 'array', 'binData', 'objectId', 'bool', 'regex', 'dbPointer', 'javascript', 'symbol'],
  ...['javascriptWithScope', 'timestamp', 'undefined', 'minKey', 'maxKey'],
];
const NO_INSTANTS = [NaN, Infinity, -Infinity];
const MAX_SECONDS = 1e11;
const MAX_TIME_EXPIRED = 50;
const PATHS = ['_CESNET', '_Mentat'] as const;

/**
 * Counts the events whose storage time is in a form that no slice asks for, one line for each key.
 * @param maxTimeMS how long the server may count; undefined for as long as it takes
 */
export async function describeOddTimes(
  connection: Connection,
  { roots }: EventLayout,
  maxTimeMS?: number,
): Promise<string[]> {
  const lines = await Promise.all(
    PATHS.map((path) =>
      describePath(
        connection,
        path,
        roots.filter((root) => root.path === path),
        maxTimeMS,
      ),
    ),
  );
  return lines.filter((line) => line !== undefined);
}

async function describePath(
  { events }: Connection,
  path: EventRoot['path'],
  roots: readonly EventRoot[],
  maxTimeMS: number | undefined,
): Promise<string | undefined> {
  const key = `${path}.StorageTime`;
  const place = `db.getSiblingDB(${JSON.stringify(events.dbName)}).getCollection(${JSON.stringify(events.collectionName)})`;
  const filter = oddTimes(
    path,
    roots.map(({ kind }) => kind),
  );
  const hint = roots.find(({ timeIndex }) => timeIndex !== undefined)?.timeIndex;
  const limits = maxTimeMS === undefined ? {} : { maxTimeMS };
  let groups: { _id: string; count: number; example: unknown }[];
  try {
    groups = await events
      .aggregate<(typeof groups)[number]>(
        [
          { $match: filter },
          { $group: { _id: { $type: `$${key}` }, count: { $sum: 1 }, example: { $first: `$${key}` } } },
          { $sort: { count: -1, _id: 1 } },
        ],
        { ...limits, ...(hint === undefined ? {} : { hint }) },
      )
      .toArray();
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== MAX_TIME_EXPIRED) throw error;
    return `whether all events have a storage time (${key}) that can be asked for was not found out in ${maxTimeMS! / 1000} s: see --action store-check`;
  }
  if (groups.length === 0) return undefined;
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const types = groups.map(({ _id, count, example }) =>
    _id === 'string' ? `${count} string, as ${JSON.stringify(example)}` : `${count} ${_id}`,
  );
  const has = formatCount(total, 'event has', 'events have');
  return `${has} a storage time (${key}) in a form that no run can ask for (${types.join('; ')}), and may never be fetched; convert with ${place}.updateMany(${shellText(filter)}, ${shellText([{ $set: { [key]: toDateExpression(`$${key}`) } }])}) (texts without a zone are taken as UTC)`;
}

/** Selects storage times that none of these kinds covers; a missing one is not selected. */
function oddTimes(path: EventRoot['path'], kinds: readonly TimeKind[]): Document {
  const key = `${path}.StorageTime`;
  const [isDate, isText] = [kinds.includes('date'), kinds.includes('text')];
  const [inSeconds, inMilliseconds] = [kinds.includes('seconds'), kinds.includes('milliseconds')];
  const conditions: Document[] = [
    { $type: [...OTHER_TYPES, ...(isDate ? [] : ['date'])] },
    isText ? { $type: 'string', $not: CANONICAL } : { $type: 'string' },
    { $in: NO_INSTANTS },
  ];
  if (!inSeconds && !inMilliseconds) conditions.push({ $type: [...NUMBERS] });
  else if (!inMilliseconds) conditions.push({ $gt: MAX_SECONDS });
  else if (!inSeconds) conditions.push({ $lte: MAX_SECONDS });
  return {
    $or: conditions.map((condition) => ({ [key]: condition })),
    ...(path === '_CESNET' ? {} : { _CESNET: { $not: { $type: 'object' } } }),
  };
}

/** Numbers and numeric texts are seconds, or milliseconds above 1e11; anything that is no time stays. */
function toDateExpression(value: string): Document {
  const milliseconds = { $cond: [{ $gt: ['$$n', MAX_SECONDS] }, '$$n', { $multiply: ['$$n', 1000] }] };
  const text = { $cond: [{ $eq: [{ $type: value }, 'string'] }, { $toUpper: value }, value] };
  return {
    $let: {
      vars: { n: { $convert: { input: value, to: 'double', onError: null, onNull: null } } },
      in: {
        $cond: [
          { $eq: ['$$n', null] },
          { $convert: { input: text, to: 'date', onError: value, onNull: value } },
          {
            $convert: {
              input: { $convert: { input: milliseconds, to: 'long', onError: null } },
              to: 'date',
              onError: value,
              onNull: value,
            },
          },
        ],
      },
    },
  };
}

/** A document as mongosh reads it. */
function shellText(value: unknown): string {
  if (value instanceof RegExp) return String(value);
  if (Array.isArray(value)) return `[${value.map(shellText).join(', ')}]`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'number' ? String(value) : JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}: ${shellText(member)}`,
  );
  return `{${members.join(', ')}}`;
}
