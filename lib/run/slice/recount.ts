import { setImmediate } from 'node:timers/promises';
import { isMany, none } from 'stream-chain/defs.js';
import { groupRouter } from '../../../stages/group-router.ts';
import { laneFinder, severitySplitter } from '../../../stages/severity-splitter.ts';
import type { EventView } from '../../model/event/event.ts';
import type { RunCounters } from '../../model/run-counters.ts';
import { openSlice } from './open-slice.ts';
import type { LanePlan } from '../plan/plan.ts';
import type { RunContext } from '../run-context.ts';

/**
 * Reads a slice once more and only counts: the sum of the tallies of its lanes, each processed alone, would count an event once a lane. When
 * the source breaks or the run is stopped, returns what was counted until then.
 */
export async function recount(planned: readonly LanePlan[], context: RunContext): Promise<RunCounters> {
  const { source, lanes, tally } = openSlice(planned, context);
  const { routes, ownersOf, testData, stop } = context;
  const route = groupRouter({ routes, testData, ownersOf, onUnreadable: () => undefined, tally });
  const split = severitySplitter({ laneOf: laneFinder(lanes), defaultSeverity: undefined, tally });
  const place = (event: EventView): void => {
    try {
      const routed = route(event);
      if (routed === none) return;
      for (const item of isMany(routed) ? routed.values : [routed]) split(item);
    } catch {
      // It fails and is reported in the lanes that read it; the events behind it still count.
    }
  };
  try {
    for await (const batch of source as AsyncIterable<EventView[]>) {
      for (const event of batch) place(event);
      await setImmediate();
      if (stop.aborted) break;
    }
  } catch {
    // The lanes meet the same error and report it.
  }
  return tally;
}
