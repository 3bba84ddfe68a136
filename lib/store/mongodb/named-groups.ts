import { toList } from '../../model/event/object-view.ts';
import { chunks } from '../../model/chunks.ts';
import type { LanesQuery } from '../port.ts';
import type { Connection } from './connection.ts';
import { readBatches } from './read-batches.ts';
import type { EventRoot } from './event/event-layout.ts';
import { sliceFilter } from './slice-query.ts';

/** Groups asked about in one command: some hundred kilobytes of names. */
const GROUPS_PER_COMMAND = 10_000;
/**
 * Events that are looked at in one command, per group that is asked about: 10,000 groups with nothing new take the server 20 ms, 40,000 events
 * of theirs 160 ms, and reading those later a multiple of it.
 */
const EVENTS_PER_GROUP = 4;
/** After the first command, groups that were found are asked about no more: a few of them may have nearly all events. */
const COMMANDS = 2;

/**
 * Those of the groups that events of the query name. Where there are more events than a few a group, or no index serves the question, groups
 * count as named that were not found out about.
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
    // A server refuses to look at no events at all.
    if (asked.length === 0) break;
    const limit = asked.length * EVENTS_PER_GROUP;
    const found = await sampleEvents(limit, new Set(asked), connection, root, query);
    if (found === undefined) return groups;
    for (const group of found.groups) named.add(group);
    if (found.events < limit) return named;
  }
  return groups;
}

/** One that an index serves. */
type IndexedRoot = EventRoot & { readonly index: string };

interface Found {
  readonly groups: ReadonlySet<string>;
  readonly events: number;
}

/** Groups of the first so many events, whichever those are; undefined when one names none that was asked about, as we read it. */
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
