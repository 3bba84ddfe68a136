import { isMany, none } from 'stream-chain/defs.js';
import { groupRouter } from '../../stages/group-router.ts';
import { laneFinder, severitySplitter } from '../../stages/severity-splitter.ts';
import type { RunTally } from '../model/tally.ts';
import { openSlice } from './open-slice.ts';
import type { PlannedLane } from './plan.ts';
import type { SliceDeps } from './slice.ts';

/**
 * What the tally of a slice would be, had it been read to its end: its events are read once more, and only counted. Adding up the tallies of
 * its lanes, each worked alone, would count an event once a lane. A source that breaks leaves what was counted until then.
 */
export async function recount(planned: readonly PlannedLane[], deps: SliceDeps): Promise<RunTally> {
  const { source, lanes, tally } = openSlice(planned, deps);
  const { routes, ownersOf } = deps;
  const route = groupRouter({ routes, testData: deps.options.testData, ownersOf, tally });
  const split = severitySplitter({ laneOf: laneFinder(lanes), defaultSeverity: undefined, tally });
  try {
    for await (const batch of source as AsyncIterable<Parameters<typeof route>[0][]>) {
      for (const event of batch) {
        const routed = route(event);
        if (routed === none) continue;
        for (const item of isMany(routed) ? routed.values : [routed]) split(item);
      }
    }
  } catch {
    // Whatever it is, the lanes come upon it, too, and tell it.
  }
  return tally;
}
