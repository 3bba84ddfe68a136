import type { Instant } from '../model/time.ts';
import type { Store } from '../store/port.ts';
import type { Configuration } from '../config/load.ts';
import { runOptionsOf, stateFilesOf } from '../config/options.ts';
import { positionsFor, readState, storeId } from '../observe/state-file.ts';
import { laneKeys, planLanes, upperBound, type PlannedLane, type PlanRequest } from '../run/plan/plan.ts';
import { withPreviousState } from '../run/plan/plan-run.ts';

/** Lanes as a regular run would find them if it began now. */
export interface CurrentPlan {
  /** Upper bound of all windows. */
  readonly high: Instant;
  readonly lanes: readonly PlannedLane[];
}

/**
 * What a regular run would find if it began now, in the order in which lanes are worked. Changes nothing: what earlier runs left pending
 * stays so, and places that only the state file knows are not written into the store.
 */
export async function planCurrentRun(
  configuration: Configuration,
  store: Store,
  now: Instant,
  { groups, severities, track }: Pick<PlanRequest, 'groups' | 'severities' | 'track'>,
): Promise<CurrentPlan> {
  const options = runOptionsOf(configuration);
  const high = upperBound(now, { ...options, floored: true });
  const keys = laneKeys({ severities, track, groups });
  const known = await store.lanes.states(keys);
  const states = withPreviousState(
    known,
    keys,
    positionsFor(readState(stateFilesOf(configuration)), await storeId(store)),
  );
  const request = { ...options, severities, track, groups, to: high, regular: true, run: 'plan', states };
  return { high, lanes: planLanes(request) };
}
