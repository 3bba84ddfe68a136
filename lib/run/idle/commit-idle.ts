import { failureIn, type Log } from '../ports.ts';
import { setImmediate } from 'node:timers/promises';
import { idleOutcomes } from '../../../stages/lane-outcome.ts';
import type { GroupExclusions } from '../../filter/exclusions.ts';
import { Counters } from '../../model/counters.ts';
import type { Group } from '../../model/group/group.ts';
import type { Lane, LaneOutcome } from '../../model/lane.ts';
import { partsOf } from '../../model/parts.ts';
import type { Instant } from '../../model/time.ts';
import type { Store } from '../../store/port.ts';
import { commitWay } from '../slice/lane-committer.ts';
import { createLanes, type PlannedLane } from '../plan/plan.ts';
import type { RunOptions } from '../run-options.ts';

/** The most lanes with nothing to say that are committed together, of one severity and window: few big writes are what costs a store least. */
const AT_A_TIME = 10_000;
/** What all of them have counted. */
const NOTHING = new Counters();

export interface CommitSilentDeps {
  readonly options: RunOptions;
  readonly run: string;
  readonly store: Store;
  readonly log: Log;
  readonly exclusionsOf: (group: Group, to: Instant) => GroupExclusions | undefined;
  /** Once aborted, no more is committed. */
  readonly stop: AbortSignal;
}

/** Lanes on their way into the store. */
interface Commit {
  readonly lanes: readonly Lane[];
  /** Whether each was committed, or why nobody knows. */
  readonly end: Promise<PromiseSettledResult<readonly boolean[]>>;
}

/**
 * Commits lanes that have nothing to say, as they come (see silentLanes): nothing is read for them, so that no stage has to see them.
 * While the store writes some, those before are told of and the next are asked for. Lanes that have no turn before an end is wished for are
 * told nothing of. Never rejects on a problem of the store: then all that it concerns have failed.
 */
export async function* commitIdle(
  silent: AsyncIterable<readonly PlannedLane[]>,
  deps: CommitSilentDeps,
): AsyncGenerator<readonly LaneOutcome[], void, undefined> {
  const { options, run, store, exclusionsOf } = deps;
  const commit = commitWay(options, store);
  const remembers = options.mode === 'regular';
  const failureDeps = { run, store: store.lanes, remembers, onFailure: failureIn(deps.log) };
  let before: Commit | undefined;
  for await (const some of inParts(silent)) {
    // Signals are heard of between two turns of the event loop only.
    await setImmediate();
    if (deps.stop.aborted) break;
    const lanes = createLanes(some, ({ group, window }) => exclusionsOf(group, window.to)?.problems, NOTHING);
    await before?.end;
    const commits = lanes.map(({ state, window: { to } }) => ({
      state,
      to,
      run,
      hasRows: false,
      hasExpired: false,
    }));
    const end = Promise.allSettled([commit(commits)]).then(([settled]) => settled);
    if (before !== undefined) yield await idleOutcomes(before.lanes, await before.end, failureDeps);
    before = { lanes, end };
  }
  if (before !== undefined) yield await idleOutcomes(before.lanes, await before.end, failureDeps);
}

async function* inParts(
  silent: AsyncIterable<readonly PlannedLane[]>,
): AsyncGenerator<readonly PlannedLane[], void, undefined> {
  for await (const lanes of silent) yield* partsOf(lanes, AT_A_TIME);
}
