import type { Log } from '../ports.ts';
import type { Store } from '../../store/port.ts';
import { cutSlices, SLICE_LANES, type PlannedLane } from '../plan/plan.ts';
import type { RunOptions } from '../run-options.ts';

interface IdleLanesDeps {
  readonly options: RunOptions;
  readonly store: Store;
  readonly log: Log;
}

/** Queries under way: the store answers one while the lanes of the other are committed. */
const QUERIES_UNDERWAY = 2;

/**
 * Due lanes without work: no event was stored for them in their window, and none of their thresholds ends in it. They come by severity and
 * window. Lanes that one cursor serves together are left to that cursor, which costs no more than the query. Never rejects: an error here
 * meets the slices, too, which report it.
 *
 * Deciding this once, and not by each lane's cursor perhaps an hour later, loses nothing: windows end where events stopped to come before
 * the run began (`settle`), so an event stored in one from now on came too late for it. Thresholds come only with a commit of their lane,
 * after which our own commit, against the lane's earlier state, does not take place.
 */
export async function* idleLanes(
  planned: readonly PlannedLane[],
  deps: IdleLanesDeps,
): AsyncGenerator<readonly PlannedLane[], void, undefined> {
  const many = cutSlices(planned, Infinity).filter((lanes) => lanes.length > SLICE_LANES);
  const query = (lanes: readonly PlannedLane[]) => Promise.allSettled([idleAmong(lanes, deps)]);
  const underway = many.splice(0, QUERIES_UNDERWAY).map(query);
  for (let next = underway.shift(); next !== undefined; next = underway.shift()) {
    const [answer] = await next;
    if (answer.status === 'rejected') {
      deps.log.exception('idle lanes cannot be queried', answer.reason);
      return;
    }
    underway.push(...many.splice(0, 1).map(query));
    yield answer.value;
  }
}

/** @param lanes of one severity and window */
async function idleAmong(
  lanes: readonly PlannedLane[],
  { options, store }: IdleLanesDeps,
): Promise<readonly PlannedLane[]> {
  const { severity, window } = lanes[0]!;
  const groups = lanes.map((lane) => lane.group.name);
  const keys = lanes.map((lane) => lane.key);
  const [named, ended] = await Promise.all([
    store.events.groupsIn({ severity, groups, from: window.from, to: window.to, test: options.testData }),
    options.mode === 'regular' ? store.journal.expiredLanes(keys, window.to) : new Set<string>(),
  ]);
  return lanes.filter((lane) => !named.has(lane.group.name) && !ended.has(lane.key));
}
