import { toList } from '../../model/event/object-view.ts';
import { chunks } from '../../model/chunks.ts';
import type { LanesQuery } from '../port.ts';
import type { Connection } from './connection.ts';
import { readBatches } from './read-batches.ts';
import type { EventRoot } from './event/event-layout.ts';
import { sliceFilter } from './slice-query.ts';

/** Groups named by one command: some hundred kilobytes. */
const GROUPS_PER_COMMAND = 10_000;
/**
 * Events that one command reads at most, per group. 10,000 groups without new events take the server 20 ms, 40,000 of their events 160 ms.
 */
const EVENTS_PER_GROUP = 4;
/** The second command leaves out the groups found by the first, a few of which may have nearly all events. */
const COMMANDS = 2;

/**
 * The groups that events of the query name. Groups that were not examined, because there are too many events or no index, are included.
 */
export async function findNamedGroups(
  connection: Connection,
  root: EventRoot,
  query: LanesQuery,
): Promise<ReadonlySet<string>> {
  const { index } = root;
  if (index === undefined) return new Set(query.groups);
  const named = new Set<string>();
  for (const groups of chunks(query.groups, GROUPS_PER_COMMAND)) {
    for (const group of await findNamedAmong(groups, connection, { ...root, index }, query)) named.add(group);
  }
  return named;
}

async function findNamedAmong(
  groups: readonly string[],
  connection: Connection,
  root: IndexedRoot,
  query: LanesQuery,
): Promise<Iterable<string>> {
  const named = new Set<string>();
  for (let left = COMMANDS; left > 0; left--) {
    const asked = groups.filter((group) => !named.has(group));
    // A limit of 0 is refused by the server.
    if (asked.length === 0) break;
    const limit = asked.length * EVENTS_PER_GROUP;
    const found = await sampleEvents(limit, new Set(asked), connection, root, query);
    if (found === undefined) return groups;
    for (const group of found.groups) named.add(group);
    if (found.events < limit) return named;
  }
  return groups;
}

/** A root whose slices are served by an index. */
type IndexedRoot = EventRoot & { readonly index: string };

interface Found {
  readonly groups: ReadonlySet<string>;
  readonly events: number;
}

/** Groups of some `limit` events; undefined when an event names none of the groups as we read it. */
async function sampleEvents(
  limit: number,
  asked: ReadonlySet<string>,
  connection: Connection,
  root: IndexedRoot,
  query: LanesQuery,
): Promise<Found | undefined> {
  const cursor = connection.events.aggregate<{ _id: unknown; events: number }>(
    [
      { $match: sliceFilter(root, { ...query, groups: [...asked] }) },
      { $limit: limit },
      { $group: { _id: `$${root.path}.ResolvedAbuses`, events: { $sum: 1 } } },
    ],
    { hint: root.index, allowDiskUse: true },
  );
  const groups = new Set<string>();
  let events = 0;
  for await (const batch of readBatches(cursor, connection.where)) {
    for (const { _id, events: alike } of batch) {
      const known = toList(_id).filter((name): name is string => typeof name === 'string' && asked.has(name));
      if (known.length === 0) return undefined;
      for (const name of known) groups.add(name);
      events += alike;
    }
  }
  return { groups, events };
}
