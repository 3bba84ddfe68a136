import type { LaneCommit, Store } from '../../store/port.ts';
import { commitLanes } from '../../store/commit-protocol.ts';
import type { RunOptions } from '../run-options.ts';

/** How a run commits lanes: for each of them true where that took place. */
export type CommitWay = (commits: readonly LaneCommit[]) => Promise<readonly boolean[]>;

export function commitWay({ mode }: RunOptions, store: Store): CommitWay {
  return mode === 'regular'
    ? (commits) => commitLanes(store, commits)
    : (commits) => publishAdHoc(commits, store);
}

/** An ad-hoc run has no lane state to compare: its rows become live by themselves. */
async function publishAdHoc(commits: readonly LaneCommit[], store: Store): Promise<readonly boolean[]> {
  await store.lanes.publish(
    commits.filter((commit) => commit.hasRows).map(({ state, run }) => ({ lane: state.lane, run })),
  );
  return commits.map(() => true);
}
