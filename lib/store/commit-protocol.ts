import type { LaneState } from '../model/lane.ts';
import type { LaneCommit, Store } from './port.ts';
import type { Stamp } from './pending-rows.ts';

/*
 * A lane's run is committed by one write. Its rows are written first, pending, under its stamp; the compare-and-set of the lane's state is
 * the commit; then the rows are made live. A later run finds pending rows in one of two situations. Either the lane's state names their
 * run: they were committed and are made live. Or it does not: they were abandoned, or belong to a reporter that is still running; the
 * lane's epoch is raised, so that it cannot commit any more, and the rows are deleted. Nothing is therefore reported twice or lost,
 * whichever step a process dies after and however many reporters run at once.
 */

/** The state of a lane that was never committed. */
export function freshState(lane: string): LaneState {
  return { lane, to: undefined, epoch: 0, run: undefined };
}

/**
 * Commits lanes, makes the rows of the committed ones live and sweeps what they supersede. The rows of a lane that another reporter has
 * committed meanwhile are discarded. Lanes without rows cost one write together.
 * @returns for each commit, true where it succeeded
 */
export async function commitLanes(store: Store, commits: readonly LaneCommit[]): Promise<readonly boolean[]> {
  const done = await store.lanes.commit(commits);
  const stampsOf = (won: boolean): Stamp[] =>
    commits
      .filter((commit, i) => done[i] === won && commit.hasRows)
      .map(({ state, run }) => ({ lane: state.lane, run }));
  await store.lanes.discard(stampsOf(false));
  await store.lanes.publish(stampsOf(true));
  for (const [i, commit] of commits.entries()) {
    if (done[i] && commit.hasExpired) await store.lanes.sweep(commit.state.lane, commit.to);
  }
  return done;
}

export interface Recovery {
  /** The state of every lane; a fresh one where there is none. None of these lanes has pending rows. */
  readonly states: ReadonlyMap<string, LaneState>;
  /** Runs whose committed rows were made live. */
  readonly published: readonly Stamp[];
  /** Runs whose abandoned rows were deleted. */
  readonly discarded: readonly Stamp[];
}

/**
 * Reads the states of lanes and publishes or discards what earlier runs left pending in them; the first step of a run. States are read
 * before the pending rows, and again after any were found: a commit in between is either seen here or makes our own compare-and-set fail.
 */
export async function recoverLanes(store: Store, lanes: readonly string[]): Promise<Recovery> {
  const wanted = new Set(lanes);
  const published: Stamp[] = [];
  const discarded: Stamp[] = [];
  for (;;) {
    const known = await store.lanes.states(lanes);
    const stamps = (await store.lanes.pending()).filter((stamp) => wanted.has(stamp.lane));
    if (stamps.length === 0) {
      const states = new Map(lanes.map((lane) => [lane, known.get(lane) ?? freshState(lane)]));
      return { states, published, discarded };
    }
    for (const stamp of stamps) {
      const committed = await settlePending(store, stamp, known.get(stamp.lane) ?? freshState(stamp.lane));
      (committed ? published : discarded).push(stamp);
    }
  }
}

/** True when the rows were committed and are live now; false when they were discarded, or the lane's state has changed meanwhile. */
async function settlePending(store: Store, stamp: Stamp, state: LaneState): Promise<boolean> {
  if (state.run === stamp.run) {
    await store.lanes.publish([stamp]);
    if (state.to !== undefined) await store.lanes.sweep(stamp.lane, state.to);
    return true;
  }
  if (await store.lanes.raiseEpoch(state)) await store.lanes.discard([stamp]);
  return false;
}
