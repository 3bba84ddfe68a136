import type { Log } from '../ports.ts';
import type { Store } from '../../store/port.ts';
import { cutSlices, SLICE_LANES, type PlannedLane } from '../plan/plan.ts';
import type { RunOptions } from '../run-options.ts';

export interface SilentLanesDeps {
  readonly options: RunOptions;
  readonly store: Store;
  readonly log: Log;
}

/** Severities and windows that are asked about at a time: while the answer to one is worked with, the store looks for that to the next. */
const QUESTIONS_UNDERWAY = 2;

/**
 * Due lanes that have nothing to say: no event was stored for them in their window, and none of their thresholds ends in it. They come
 * severity by severity and window by window. Of lanes that one cursor serves together it is not asked: that cursor costs no more than the
 * question. Never rejects: what comes in the way here comes in the way of the slices, too, which tell of it.
 *
 * It takes nothing away from what a run finds that it is asked here and not by each lane's own cursor, perhaps an hour later. Windows end
 * where events stopped to come before the run began (`settle`), so an event that is stored within one from now on came too late for it;
 * that a cursor would still have met it was chance. Thresholds come with a commit of their lane only, and then the lane's state
 * is not the one any more that was read before the question, and our own commit does not take place.
 */
export async function* idleLanes(
  planned: readonly PlannedLane[],
  deps: SilentLanesDeps,
): AsyncGenerator<readonly PlannedLane[], void, undefined> {
  const many = cutSlices(planned, Infinity).filter((lanes) => lanes.length > SLICE_LANES);
  const ask = (lanes: readonly PlannedLane[]) => Promise.allSettled([silentAmong(lanes, deps)]);
  const underway = many.splice(0, QUESTIONS_UNDERWAY).map(ask);
  for (let asked = underway.shift(); asked !== undefined; asked = underway.shift()) {
    const [answer] = await asked;
    if (answer.status === 'rejected') {
      deps.log.exception('what is new cannot be asked for', answer.reason);
      return;
    }
    underway.push(...many.splice(0, 1).map(ask));
    yield answer.value;
  }
}

/** @param lanes of one severity and window */
async function silentAmong(
  lanes: readonly PlannedLane[],
  { options, store }: SilentLanesDeps,
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
