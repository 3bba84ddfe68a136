import { logLaneFailure, type Log } from '../ports.ts';
import { setImmediate } from 'node:timers/promises';
import { idleOutcomes } from '../../../stages/lane-outcome.ts';
import { compileExclusions } from '../../filter/exclusions.ts';
import { LaneCounters } from '../../model/lane-counters.ts';
import type { Lane, LaneOutcome } from '../../model/lane.ts';
import { chunks } from '../../model/chunks.ts';
import type { Store } from '../../store/port.ts';
import { createLaneCommitter } from '../slice/lane-committer.ts';
import { createLanes, type PlannedLane } from '../plan/plan.ts';
import type { RunOptions } from '../run-options.ts';

/** Lanes committed together, of one severity and window: few big writes cost a store least. */
const BATCH = 10_000;
/** The counters of all of them. */
const NOTHING = new LaneCounters();

/** A commit under way: resolves to whether each lane was committed, or to why nobody knows. */
interface Commit {
  readonly lanes: readonly Lane[];
  readonly settled: Promise<PromiseSettledResult<readonly boolean[]>>;
}

/**
 * Commits idle lanes as they come (see idleLanes), without reading anything for them. While the store writes one batch, the outcomes of the
 * one before are yielded and the next is requested. Lanes without a turn before the run is stopped have no outcome. Never rejects on a
 * problem of the store: its lanes have failed then.
 */
export async function* commitIdle(
  idle: AsyncIterable<readonly PlannedLane[]>,
  deps: {
    readonly options: RunOptions;
    readonly run: string;
    readonly store: Store;
    readonly log: Log;
    readonly stop: AbortSignal;
  },
): AsyncGenerator<readonly LaneOutcome[], void, undefined> {
  const { options, run, store, log, stop } = deps;
  const commit = createLaneCommitter(options, store);
  const remembers = options.mode === 'regular';
  const outcomes = async ({ lanes, settled }: Commit) =>
    idleOutcomes(lanes, await settled, {
      remembers,
      onFailure: (lane, error) => logLaneFailure(log, lane, error),
    });
  let previous: Commit | undefined;
  for await (const batch of inBatches(idle)) {
    // Signals arrive only between two turns of the event loop.
    await setImmediate();
    if (stop.aborted) break;
    const lanes = createLanes(
      batch,
      ({ group, window }) => compileExclusions(group, window.to)?.problems,
      NOTHING,
    );
    await previous?.settled;
    const commits = lanes.map(({ state, window: { to } }) => ({
      state,
      to,
      run,
      hasRows: false,
      hasExpired: false,
    }));
    const settled = Promise.allSettled([commit(commits)]).then(([result]) => result);
    if (previous !== undefined) yield await outcomes(previous);
    previous = { lanes, settled };
  }
  if (previous !== undefined) yield await outcomes(previous);
}

async function* inBatches(
  idle: AsyncIterable<readonly PlannedLane[]>,
): AsyncGenerator<readonly PlannedLane[], void, undefined> {
  for await (const lanes of idle) yield* chunks(lanes, BATCH);
}
