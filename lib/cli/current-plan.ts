import type { Configuration } from '../config/load.ts';
import { runOptionsOf, stateFilesOf } from '../config/options.ts';
import type { Instant } from '../model/time.ts';
import { positionsFor, readState, storeId } from '../observe/state-file.ts';
import { laneKeys, planLanes, upperBound, type PlannedLane, type PlanRequest } from '../run/plan/plan.ts';
import { withPreviousState } from '../run/plan/plan-run.ts';
import type { RunOptions } from '../run/run-options.ts';
import type { Store } from '../store/port.ts';

/** The lanes of a run that would start now. */
export interface CurrentPlan {
  /** Upper bound of all windows. */
  readonly high: Instant;
  readonly lanes: readonly PlannedLane[];
}

/**
 * Plans a run that would start now, in processing order, and changes nothing: pending rows stay pending, and lanes that only the state
 * file knows are not written to the store.
 * @param mode `regular` for a scheduled run, anything else for an ad-hoc one
 */
export async function planCurrentRun(
  configuration: Configuration,
  store: Store,
  now: Instant,
  mode: RunOptions['mode'],
  { groups, severities, track }: Pick<PlanRequest, 'groups' | 'severities' | 'track'>,
): Promise<CurrentPlan> {
  const options = runOptionsOf(configuration);
  const regular = mode === 'regular';
  const high = upperBound(now, { ...options, floored: regular || options.adjustThresholds });
  const keys = laneKeys({ severities, track, groups });
  const known = await store.lanes.states(keys);
  const positions = positionsFor(readState(stateFilesOf(configuration)), await storeId(store));
  const states = withPreviousState(known, keys, positions);
  const request = { ...options, severities, track, groups, to: high, regular, run: 'plan', states };
  return { high, lanes: planLanes(request) };
}
