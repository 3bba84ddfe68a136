import type { Document } from 'mongodb';
import type { Connection } from './connection.ts';
import { sliceIndex, type EventLayout, type EventRoot } from './event/event-layout.ts';
import { sliceFilter, sliceOptions } from './slice-query.ts';

/** Milliseconds that the clocks of server and reporter may differ by. */
const MAX_CLOCK_SKEW = 30_000;

/** What an operator should know before a run, a line each: slices that no index serves, and clocks that differ. Changes nothing. */
export async function collectWarnings(connection: Connection, { roots }: EventLayout): Promise<string[]> {
  const lines: string[] = [];
  if (connection.ignoredReadPreference !== undefined)
    lines.push(
      `readPreference=${connection.ignoredReadPreference} is ignored: events are read from the primary, because a secondary may lag behind`,
    );
  for (const root of roots) {
    const { planner } = await explainSlice(connection, root);
    if (planner.includes('COLLSCAN') || planner.includes('SORT'))
      lines.push(describeMissingIndex(connection, root));
  }
  const skew = await readClockSkew(connection);
  if (Math.abs(skew) > MAX_CLOCK_SKEW) {
    const direction = skew > 0 ? 'ahead of' : 'behind';
    lines.push(
      `the server's clock is ${Math.round(Math.abs(skew) / 1000)} s ${direction} ours: windows end by ours, storage times come from others`,
    );
  }
  return lines;
}

/** The stages of the plan by which the server would read a slice. */
export async function explainSlice(
  { events }: Connection,
  root: EventRoot,
): Promise<{ planner: readonly string[] }> {
  const query = {
    severity: 'low',
    groups: ['a', 'b'],
    from: 0,
    to: 1,
    test: false,
    fields: new Set<string>(),
  };
  const options = { ...sliceOptions(root), raw: false };
  const plan = await events.find(sliceFilter(root, query), options).explain('queryPlanner');
  return { planner: stagesOf((plan['queryPlanner'] as Document)['winningPlan']) };
}

function stagesOf(plan: unknown): string[] {
  if (typeof plan !== 'object' || plan === null) return [];
  const stage = 'stage' in plan && typeof plan.stage === 'string' ? [plan.stage] : [];
  return [...stage, ...Object.values(plan).flatMap(stagesOf)];
}

function describeMissingIndex(connection: Connection, { path }: EventRoot): string {
  const { events } = connection;
  const command = indexCommand(events.dbName, events.collectionName, sliceIndex(path));
  return `no index serves the slices of ${events.collectionName}: each would read the whole collection; make it with ${command}`;
}

/** What makes an index, for a person to type into the server's shell. */
export function indexCommand(
  database: string,
  collection: string,
  key: Document,
  options?: Document,
): string {
  const more = options === undefined ? '' : `, ${JSON.stringify(options)}`;
  const place = `db.getSiblingDB(${JSON.stringify(database)}).getCollection(${JSON.stringify(collection)})`;
  return `${place}.createIndex(${JSON.stringify(key)}${more})`;
}

/** Milliseconds that the server is ahead. */
async function readClockSkew({ client }: Connection): Promise<number> {
  const asked = Date.now();
  const { localTime } = await client.db('admin').command({ hello: 1 });
  const middle = (asked + Date.now()) / 2;
  return localTime instanceof Date ? localTime.getTime() - middle : 0;
}
