import type { LaneState } from '../model/lane.ts';
import type { LaneCommit, Store } from './port.ts';
import type { Stamp } from './pending-rows.ts';

/*
 * A lane's run becomes true in one write. Everything it has to say is written ahead, pending, under its stamp; the compare-and-set of the
 * lane's state is the commit; only then do the rows become live. Whoever comes later finds one of two things: a lane whose state names
 * the run of the pending rows, which were therefore committed and are made live; or one that does not, whose rows were abandoned, or
 * belong to a reporter still at work: the lane's epoch is raised first, so that it cannot commit, and then the rows are deleted. So
 * nothing is reported twice or lost, whichever step a process dies after, and however many reporters work at once.
 */

/** The state of a lane that nobody has committed yet. */
export function freshState(lane: string): LaneState {
  return { lane, to: undefined, epoch: 0, run: undefined };
}

/**
 * Commits lanes and, where that took place, makes their rows live and sweeps what they supersede. Where another reporter was faster, the
 * rows are discarded. Lanes with nothing to say cost one write together.
 * @returns for each commit, true where it took place
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
  /** The state of every lane asked for; fresh where there is none. Nothing of them is pending as of this reading. */
  readonly states: ReadonlyMap<string, LaneState>;
  /** Runs whose rows were committed but not yet live. */
  readonly published: readonly Stamp[];
  /** Runs whose rows were abandoned. */
  readonly discarded: readonly Stamp[];
}

/**
 * Reads the states of lanes and settles what earlier runs left pending in them: the first thing a run does. States are read before the
 * pending rows are looked for, and again after any were found: a reporter that commits in between is either seen here or makes our own
 * compare-and-set fail.
 */
export async function recoverLanes(store: Store, lanes: readonly string[]): Promise<Recovery> {
  const concerned = new Set(lanes);
  const published: Stamp[] = [];
  const discarded: Stamp[] = [];
  for (;;) {
    const known = await store.lanes.states(lanes);
    const stamps = (await store.lanes.pending()).filter((stamp) => concerned.has(stamp.lane));
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

/** True when the rows were committed and are live now; false when they were discarded, or the lane moved and has to be looked at again. */
async function settlePending(store: Store, stamp: Stamp, state: LaneState): Promise<boolean> {
  if (state.run === stamp.run) {
    await store.lanes.publish([stamp]);
    if (state.to !== undefined) await store.lanes.sweep(stamp.lane, state.to);
    return true;
  }
  if (await store.lanes.raiseEpoch(state)) await store.lanes.discard([stamp]);
  return false;
}
