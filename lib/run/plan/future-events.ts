import type { Log } from '../ports.ts';
import type { EventView } from '../../model/event/event.ts';
import type { Group } from '../../model/group/group.ts';
import type { Severity } from '../../model/severity.ts';
import { formatInstant, LATEST_EVENT_TIME, type Instant } from '../../model/time.ts';
import { messageOf } from '../../model/user-error.ts';
import type { LanesQuery, Store } from '../../store/port.ts';
import type { RunOptions } from '../run-options.ts';
import { SLICE_LANES } from './plan.ts';

/** Milliseconds that an event may be ahead of the clock, as clocks and time zones of its sources differ. */
const TOLERANCE = 3_600_000;
/** Groups that are searched: more are named only by a store without an index, which would be read as often. */
const MAX_GROUPS = 5 * SLICE_LANES;

/** Events stored more than an hour ahead of the clock, up to a number that is enough to know. */
export async function countFutureEvents(
  groups: readonly string[],
  severities: readonly Severity[],
  { store, now, limit }: { readonly store: Store; readonly now: Instant; readonly limit: number },
): Promise<number> {
  let count = 0;
  for (const severity of severities) {
    for (const test of [false, true]) {
      const query = { severity, groups, from: now + TOLERANCE, to: LATEST_EVENT_TIME, test };
      for await (const batch of eventsOf(store, query)) if ((count += batch.length) >= limit) return limit;
    }
  }
  return count;
}

/** Warns of events stored more than an hour ahead of the clock, which are in no report until then. Never rejects. */
export async function warnOfFutureEvents(
  groups: readonly Group[],
  { severities, testData: test }: RunOptions,
  { store, log, clock }: { readonly store: Store; readonly log: Log; readonly clock: () => Instant },
): Promise<void> {
  const from = clock() + TOLERANCE;
  const names = groups.map((group) => group.name);
  const found: string[] = [];
  try {
    for (const severity of severities) {
      const first = await findFirst(store, { severity, groups: names, from, to: LATEST_EVENT_TIME, test });
      if (first !== undefined)
        found.push(`${severity} from ${formatInstant(first.storageTime)} (${first.id})`);
    }
  } catch (error) {
    log.warning(`events ahead of the clock cannot be looked for: ${messageOf(error)}`);
  }
  if (found.length > 0)
    log.warning(
      `events are stored more than an hour ahead of the clock, and reported no sooner: ${found.join(', ')}; is a clock wrong? --action store-check counts them`,
    );
}

async function findFirst(store: Store, query: LanesQuery): Promise<EventView | undefined> {
  for await (const [first] of eventsOf(store, query)) if (first !== undefined) return first;
  return undefined;
}

async function* eventsOf(store: Store, query: LanesQuery): AsyncGenerator<readonly EventView[]> {
  const named = [...(await store.events.groupsIn(query))].slice(0, MAX_GROUPS);
  for (let i = 0; i < named.length; i += SLICE_LANES)
    yield* store.events.slice({ ...query, groups: named.slice(i, i + SLICE_LANES), fields: new Set() });
}
