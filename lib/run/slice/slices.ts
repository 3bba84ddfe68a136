import { setImmediate } from 'node:timers/promises';
import { routeTo } from '../../../stages/group-router.ts';
import { exclusionsOf } from '../../filter/exclusions.ts';
import { KeyHash } from '../../thresholds/key-hash.ts';
import { createReports } from '../../report/reports.ts';
import { openKeyOverflow } from '../../scratch/key-overflow.ts';
import type { Scratch } from '../../scratch/port.ts';
import { openSlice, type OpenSlice } from './open-slice.ts';
import { createOwnerLookup } from './owner-lookup.ts';
import { cutSlices, type PlannedLane } from '../plan/plan.ts';
import type { LaneContext, RunInputs } from '../run-context.ts';
import { processSlice, type SliceResult } from './slice.ts';
import type { SliceDeps } from './slice-deps.ts';

/**
 * Works lanes one slice after the other, until all are worked, an end is wished for, or there is nothing left to work with.
 * @param keep told what became of each slice
 * @throws what leaves nothing to work with
 */
export async function processSlices(
  lanes: readonly PlannedLane[],
  context: LaneContext,
  deps: RunInputs,
  keep: (result: SliceResult) => void,
): Promise<void> {
  const scratch = await deps.openScratch();
  try {
    await eachSlice(lanes, await sliceDepsOf(scratch, context, deps), keep);
  } finally {
    scratch.close();
  }
}

async function eachSlice(
  lanes: readonly PlannedLane[],
  deps: SliceDeps,
  keep: (result: SliceResult) => void,
): Promise<void> {
  const { stop } = deps;
  // A replay is one slice.
  const slices = deps.replay === undefined ? cutSlices(lanes) : [lanes];
  const opened = (index: number) => {
    const slice = slices[index];
    return slice === undefined ? undefined : openSlice(slice, deps);
  };
  let next: OpenSlice | undefined;
  try {
    // Signals are heard of between two turns of the event loop only.
    await setImmediate();
    next = stop.aborted ? undefined : opened(0);
    for (let slice = next, i = 1; slice !== undefined && !stop.aborted; slice = next, i++) {
      next = opened(i);
      const result = unlessStopped(await processSlice(slice, deps), deps);
      keep(result);
      if (result.broken) await requireStore(deps, slice);
      await setImmediate();
    }
  } finally {
    next?.source.destroy();
  }
}

async function sliceDepsOf(
  scratch: Scratch,
  { options, groups, mails, replay }: LaneContext,
  { store, log, clock, run, scratchDir, stop, progress, groups: all }: RunInputs,
): Promise<SliceDeps> {
  const secret = await store.secret();
  return {
    options,
    run,
    store,
    log,
    clock,
    hash: new KeyHash(secret),
    openOverflow: () => openKeyOverflow(scratchDir),
    scratch,
    reports: createReports(options.report, { secret, taken: (label) => store.reports.hasLabel(label) }),
    routes: new Map(groups.map((group) => [group.name, routeTo(group)])),
    exclusionsOf,
    ownersOf: createOwnerLookup(all),
    replay,
    way: mails.way,
    deliver: () => mails.deliver(run),
    stop,
    // A replay is one slice: only its events tell how far it has come.
    onEvents: (read) => {
      if (replay !== undefined) progress.update(read, undefined, 'events read');
    },
  };
}

/** A replay is one slice, however long: its end is wished for by ending its input, on which its lanes fail. They merely had no turn. */
function unlessStopped(result: SliceResult, { replay, stop }: SliceDeps): SliceResult {
  if (replay === undefined || !stop.aborted) return result;
  return { ...result, outcomes: result.outcomes.filter((outcome) => outcome.result !== 'failed') };
}

/** Makes sure after a broken slice that the store is still there: without it every slice that follows would break, too, one timeout each. */
async function requireStore({ store }: SliceDeps, { planned }: OpenSlice): Promise<void> {
  await store.lanes.states(planned.slice(0, 1).map((lane) => lane.key));
}
