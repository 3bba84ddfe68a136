import { formatCount } from '../../model/text/format.ts';
import { setImmediate } from 'node:timers/promises';
import { laneIdentity } from '../../../stages/lane-outcome.ts';
import type { Lane, LaneOutcome } from '../../model/lane.ts';
import type { RunCounters } from '../../model/run-counters.ts';
import { messageOf, UserError } from '../../model/user-error.ts';
import { reportPipeline, type Slice } from '../../pipeline.ts';
import type { RunContext } from '../run-context.ts';
import { openSlice } from './open-slice.ts';
import { recount } from './recount.ts';

export interface SliceResult {
  readonly outcomes: readonly LaneOutcome[];
  readonly tallies: readonly RunCounters[];
  /** Problems that belong to no lane, one line each. */
  readonly problems: readonly string[];
  /** True when the slice failed on its surroundings, which may fail the slices after it, too. */
  readonly broken: boolean;
}

/**
 * Processes the lanes of one slice off one cursor. When a slice breaks on an internal error rather than on its surroundings, its lanes are
 * processed again one by one, so that one lane's data cannot block the others; lanes without a turn before the run is stopped have no
 * outcome. Never rejects.
 */
export async function processSlice(slice: Slice, context: RunContext): Promise<SliceResult> {
  const { lanes, tally } = slice;
  const outcomes: LaneOutcome[] = [];
  try {
    await runPipeline(slice, outcomes, context);
    return { outcomes, tallies: [tally], problems: internalErrors(slice), broken: false };
  } catch (error) {
    const settled = new Set(outcomes.map((outcome) => outcome.lane));
    const rest = lanes.filter((lane) => !settled.has(lane.key));
    await discard(rest, context);
    if (rest.length > 1 && context.replay === undefined && !(error instanceof UserError)) {
      context.log.warning(
        `a slice of ${formatCount(lanes.length, 'lane')} failed and is processed again lane by lane: ${messageOf(error)}`,
      );
      const single = await processOneByOne(rest, context);
      return {
        ...single,
        outcomes: [...outcomes, ...single.outcomes],
        tallies: [context.stop.aborted ? tally : await recount(lanes, context)],
      };
    }
    for (const lane of rest) context.onFailure(lane, error);
    const failed = rest.map((lane): LaneOutcome => {
      return { ...laneIdentity(lane), result: 'failed', error: messageOf(error) };
    });
    return {
      outcomes: [...outcomes, ...failed],
      tallies: [tally],
      problems: rest.length === 0 ? [messageOf(error)] : [],
      broken: error instanceof UserError,
    };
  }
}

/** Returns no tallies: an event of several groups is read once for each of them. */
async function processOneByOne(
  lanes: readonly Lane[],
  context: RunContext,
): Promise<Omit<SliceResult, 'tallies'>> {
  const results: SliceResult[] = [];
  for (const lane of lanes) {
    // Signals arrive only between two turns of the event loop.
    await setImmediate();
    if (context.stop.aborted) break;
    results.push(await processSlice(openSlice([lane], context), context));
  }
  return {
    outcomes: results.flatMap((result) => result.outcomes),
    problems: results.flatMap((result) => result.problems),
    broken: results.some((result) => result.broken),
  };
}

async function runPipeline(slice: Slice, outcomes: LaneOutcome[], context: RunContext): Promise<void> {
  // A cursor that broke while it was read ahead has raised its error already.
  if (slice.source.errored !== null) throw slice.source.errored;
  context.scratch.clear();
  /** Lanes that were begun and whose outcome has not come out yet. */
  const begun = new Map<string, Promise<LaneOutcome>>();
  const stream = reportPipeline(slice, context, (lane, outcome) => void begun.set(lane.key, outcome));
  try {
    for await (const outcome of stream) {
      outcomes.push(outcome);
      begun.delete(outcome.lane);
    }
  } finally {
    // The caller discards and may rewrite these stamps: no write may arrive after that.
    await slice.thresholds.settled();
    outcomes.push(...(await Promise.all(begun.values())));
  }
}

function internalErrors({ tally, lanes }: Slice): string[] {
  const entered = lanes.reduce((sum, lane) => sum + lane.counters.entered, 0);
  const [events, items] = [tally.eventResidue, tally.itemResidue(entered)];
  const errors: string[] = [];
  if (events !== 0)
    errors.push(
      `internal error: ${formatCount(events, 'event was', 'events were')} read but neither routed nor counted`,
    );
  if (items !== 0)
    errors.push(
      `internal error: ${formatCount(items, 'item was', 'items were')} routed but neither placed nor counted`,
    );
  return errors;
}

/** What cannot be discarded now stays pending, and so unseen, until the next run recovers the lane. */
async function discard(lanes: readonly Lane[], { store, run }: RunContext): Promise<void> {
  await store.lanes.discard(lanes.map((lane) => ({ lane: lane.key, run }))).catch(() => undefined);
}
