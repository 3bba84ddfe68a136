import type { LaneCommit, Store } from '../../store/port.ts';
import { commitLanes } from '../../store/commit-protocol.ts';
import type { RunOptions } from '../run-options.ts';

/** Returns how a run commits lanes: a promise of whether each commit took place. */
export function createLaneCommitter(
  { mode }: RunOptions,
  store: Store,
): (commits: readonly LaneCommit[]) => Promise<readonly boolean[]> {
  if (mode === 'regular') return (commits) => commitLanes(store, commits);
  // An ad-hoc run has no lane state to compare: its rows are just published.
  return async (commits) => {
    const written = commits.filter((commit) => commit.hasRows);
    await store.lanes.publish(written.map(({ state, run }) => ({ lane: state.lane, run })));
    return commits.map(() => true);
  };
}
