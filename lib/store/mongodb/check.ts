import type { Document } from 'mongodb';
import { SEVERITIES } from '../../model/severity.ts';
import { describeProblem, UserError } from '../../model/user-error.ts';
import type { CheckResult } from '../port.ts';
import { describeAlike, describeUnfetched, describeUnknown } from '../describe-unfetched.ts';
import { collectWarnings, indexCommand } from './warnings.ts';
import { Connection, type MongoLocation } from './connection.ts';
import {
  detectLayout,
  timeIndex,
  withoutStorageTime,
  type EventLayout,
  type EventRoot,
} from './event/event-layout.ts';
import { describeOddTimes } from './event/odd-times.ts';
import { MongoGroups } from './groups.ts';
import { INDEXES, readIndexNames, readSchemaVersion } from './schema.ts';

export interface CheckOptions extends MongoLocation {
  /** Names of the groups when they do not come from the store. */
  readonly groups?: readonly string[];
}

const EXAMPLES = 3;

/**
 * Looks at a store and changes nothing: what is missing of it, and which events no lane would ever fetch. Reads all events.
 * @throws UserError when the server cannot be used, or the user may not even read
 */
export async function checkMongoStore(uri: string, options: CheckOptions = {}): Promise<CheckResult> {
  const connection = new Connection(uri, options);
  try {
    await connection.open();
    return await connection.guard(() => check(connection, options.groups));
  } finally {
    await connection.close();
  }
}

async function check(connection: Connection, given: readonly string[] | undefined): Promise<CheckResult> {
  const { events, where: where } = connection;
  const { version } = (await connection.client.db('admin').command({ buildInfo: 1 })) as { version: string };
  const groups = given ?? (await new MongoGroups(connection).all()).map((group) => group.name);
  const problems = [
    ...(await findMissingIndexes(connection)),
    ...(await findEventProblems(connection, groups)),
    ...describeAlike(groups),
  ];
  return {
    store: where,
    version,
    ok: problems.length === 0,
    events: await events.estimatedDocumentCount(),
    groups: groups.length,
    problems,
  };
}

async function findMissingIndexes(connection: Connection): Promise<string[]> {
  if ((await readSchemaVersion(connection)) === undefined)
    return ['there are no collections of the reporter yet; make them with --action store-init'];
  const problems: string[] = [];
  for (const [collection, indexes] of Object.entries(INDEXES)) {
    const known = await readIndexNames(connection, collection);
    for (const { key, ...options } of indexes.filter((index) => !known.includes(index.name!))) {
      const command = indexCommand(connection.own.databaseName, collection, key, options);
      problems.push(`index ${options.name!} of ${collection} is missing; make it with ${command}`);
    }
  }
  return problems;
}

async function findEventProblems(connection: Connection, groups: readonly string[]): Promise<string[]> {
  let layout: EventLayout;
  try {
    layout = await detectLayout(connection);
  } catch (error) {
    // Which store it is stands above all problems.
    if (error instanceof UserError) return [describeProblem({ ...error.problem, where: undefined })];
    throw error;
  }
  const problems = await collectWarnings(connection, layout);
  for (const { path } of layout.roots.filter((root) => root.timeIndex === undefined)) {
    const { dbName, collectionName } = connection.events;
    const command = indexCommand(dbName, collectionName, timeIndex(path));
    problems.push(
      `kinds of storage times are only known from a sample, for want of an index; make it with ${command}`,
    );
  }
  const foreign =
    layout.idIndex === undefined
      ? await connection.events.findOne({ _id: { $not: { $type: 'string' } } as never })
      : null;
  if (foreign !== null) {
    const command = indexCommand(connection.events.dbName, connection.events.collectionName, { ID: 1 });
    problems.push(
      `relapsed events cannot be found by ID, because _id is something else; make an index with ${command}`,
    );
  }
  problems.push(...(await describeOddTimes(connection, layout)));
  return [...problems, ...(await findUnfetchable(connection, layout.roots, groups))];
}

/** Events that no lane asks for, with their number and the most frequent values that are to blame. */
async function findUnfetchable(
  { events }: Connection,
  roots: readonly EventRoot[],
  groups: readonly string[],
): Promise<string[]> {
  const problems: string[] = [];
  const untimed = await events.countDocuments(withoutStorageTime());
  if (untimed > 0) problems.push(describeUnfetched(untimed, 'no storage time'));
  for (const path of new Set(roots.map((root) => root.path))) {
    const known: readonly { what: string; key: string; names: readonly string[]; condition: Document }[] = [
      {
        what: 'severity',
        names: SEVERITIES,
        key: `${path}.EventSeverity`,
        condition: { $nin: [...SEVERITIES] },
      },
      {
        what: 'group',
        names: groups,
        key: `${path}.ResolvedAbuses`,
        condition: { $exists: true, $nin: [...groups, []] },
      },
    ];
    for (const { what, key, names, condition } of known) {
      const filter = { [path]: { $type: 'object' }, [key]: condition };
      const count = await events.countDocuments(filter);
      if (count === 0) continue;
      const values = await events
        .aggregate<{ _id: unknown }>([
          { $match: filter },
          { $unwind: { path: `$${key}`, preserveNullAndEmptyArrays: true } },
          { $sortByCount: `$${key}` },
          { $limit: EXAMPLES },
        ])
        .toArray();
      const examples = values.map(({ _id }) => describeUnknown(_id, names)).join(', ');
      problems.push(describeUnfetched(count, `no known ${what} (${examples})`));
    }
  }
  return problems;
}
