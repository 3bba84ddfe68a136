import { setImmediate } from 'node:timers/promises';
import { isMany, none } from 'stream-chain/defs.js';
import { groupRouter } from '../../../stages/group-router.ts';
import { laneFinder, severitySplitter } from '../../../stages/severity-splitter.ts';
import type { EventView } from '../../model/event/event.ts';
import type { RunTally } from '../../model/tally.ts';
import { openSlice } from './open-slice.ts';
import type { PlannedLane } from '../plan/plan.ts';
import type { SliceDeps } from './slice-deps.ts';

/**
 * What the tally of a slice would be, had it been read to its end: its events are read once more, and only counted. Adding up the tallies of
 * its lanes, each worked alone, would count an event once a lane. A source that breaks, and a wish to end, leave what was counted until
 * then.
 */
export async function recount(planned: readonly PlannedLane[], deps: SliceDeps): Promise<RunTally> {
  const { source, lanes, tally } = openSlice(planned, deps);
  const { routes, ownersOf } = deps;
  const route = groupRouter({ routes, testData: deps.options.testData, ownersOf, tally });
  const split = severitySplitter({ laneOf: laneFinder(lanes), defaultSeverity: undefined, tally });
  const place = (event: EventView): void => {
    try {
      const routed = route(event);
      if (routed === none) return;
      for (const item of isMany(routed) ? routed.values : [routed]) split(item);
    } catch {
      // It breaks the lanes that read it, and they tell it. The events behind it count all the same.
    }
  };
  try {
    for await (const batch of source as AsyncIterable<EventView[]>) {
      for (const event of batch) place(event);
      await setImmediate();
      if (deps.stop.aborted) break;
    }
  } catch {
    // Whatever it is, the lanes come upon it, too, and tell it.
  }
  return tally;
}
