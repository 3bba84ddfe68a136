import assert from 'node:assert/strict';
import { describe } from 'mocha';
import type { Store } from '../../../../lib/store/port.ts';
import { commitLanes, freshState, recoverLanes } from '../../../../lib/store/commit-protocol.ts';
import {
  collect,
  commitOf,
  hits,
  HOUR,
  LANE,
  report,
  stamp,
  T0,
  thresholds,
} from '../../../support/store/rows.ts';
import { dyingStore, reportLane, whatHappened, writeReport } from '../../../support/store/reporter.ts';
import { withStore, type ContractStore, type OpenContractStore } from './open.ts';

const OTHER = 'live/low/b@example.org';

export function commitContract(open: OpenContractStore): void {
  describe('commit', () => {
    const spec = withStore(open);

    spec('makes everything a run wrote visible at once', async ({ store, reopen }) => {
      const other = await reopen();
      await writeReport(store, 'run-1', T0);
      assert.deepEqual(await whatHappened(other), []);
      assert.deepEqual(await commitLanes(store, [commitOf(freshState(LANE), 'run-1', T0)]), [true]);
      assert.deepEqual(await whatHappened(other), ['run-1']);
      assert.deepEqual(await store.lanes.pending(), []);
    });

    spec('goes to exactly one of two reporters; nothing is left of the other', async ({ store, reopen }) => {
      const other = await reopen();
      const { states } = await recoverLanes(store, [LANE]);
      const { states: same } = await recoverLanes(other, [LANE]);
      await writeReport(store, 'run-1', T0);
      await writeReport(other, 'run-2', T0 + HOUR);
      assert.deepEqual(await commitLanes(other, [commitOf(same.get(LANE)!, 'run-2', T0 + HOUR)]), [true]);
      assert.deepEqual(await commitLanes(store, [commitOf(states.get(LANE)!, 'run-1', T0)]), [false]);
      assert.deepEqual(await whatHappened(store), ['run-2']);
      assert.deepEqual(await store.lanes.pending(), []);
      assert.equal((await store.lanes.states([LANE])).get(LANE)?.to, T0 + HOUR);
    });

    spec('is refused to a reporter whose rows another took away', async ({ store, reopen }) => {
      const other = await reopen();
      const { states } = await recoverLanes(store, [LANE]);
      await store.lanes.writeAhead(stamp('run-1'), [thresholds(), hits('f', 1)]);
      const recovery = await recoverLanes(other, [LANE]);
      assert.deepEqual(recovery.discarded, [stamp('run-1')]);
      assert.equal(recovery.states.get(LANE)?.epoch, 1);
      // It does not know, and works on.
      await store.lanes.writeAhead(stamp('run-1'), [report('run-1')]);
      assert.deepEqual(await commitLanes(store, [commitOf(states.get(LANE)!, 'run-1', T0)]), [false]);
      assert.deepEqual(await whatHappened(store), []);
      assert.deepEqual(await store.lanes.pending(), []);
      assert.equal(await reportLane(other, 'run-2', T0, recovery.states.get(LANE)), true);
      assert.deepEqual(await whatHappened(store), ['run-2']);
    });

    spec('of several lanes is that of each for itself', async ({ store }) => {
      await commitLanes(store, [commitOf(freshState(OTHER), 'early', T0)]);
      await writeReport(store, 'run-1', T0);
      await writeReport(store, 'run-1', T0, OTHER);
      const silent = { ...commitOf(freshState('live/low/silent'), 'run-1', T0), wrote: false, ended: false };
      const done = await commitLanes(store, [
        commitOf(freshState(LANE), 'run-1', T0),
        commitOf(freshState(OTHER), 'run-1', T0),
        silent,
      ]);
      assert.deepEqual(done, [true, false, true]);
      assert.deepEqual(await whatHappened(store), ['run-1']);
      assert.deepEqual(await whatHappened(store, OTHER), []);
      assert.equal((await store.lanes.states(['live/low/silent'])).get('live/low/silent')?.to, T0);
    });

    spec('recovery looks only at the lanes it is asked about', async ({ store }) => {
      await store.lanes.writeAhead(stamp('run-1', OTHER), [hits('f', 1)]);
      const recovery = await recoverLanes(store, [LANE]);
      assert.deepEqual(recovery.discarded, []);
      assert.deepEqual(recovery.states.get(LANE), freshState(LANE));
      assert.deepEqual(await store.lanes.pending(), [stamp('run-1', OTHER)]);
    });

    spec('recovery makes live what was committed, and sweeps', async ({ store }) => {
      await reportLane(store, 'run-1', T0);
      const read = (await store.lanes.states([LANE])).get(LANE)!;
      const to = T0 + 2000 * HOUR;
      await writeReport(store, 'run-2', to);
      await store.lanes.commit([commitOf(read, 'run-2', to)]);
      const recovery = await recoverLanes(store, [LANE]);
      assert.deepEqual(recovery.published, [stamp('run-2')]);
      assert.deepEqual(recovery.states.get(LANE), { lane: LANE, to, epoch: 0, run: 'run-2' });
      assert.deepEqual(
        (await store.reports.list()).map((one) => one.run),
        ['run-2', 'run-1'],
      );
      const left = await collect(store.journal.thresholds({ lanes: [LANE] }));
      assert.deepEqual(
        left.map((part) => part.thresholdtime),
        [to],
      );
    });

    spec(
      'and a death between any two steps leave all or nothing, and a redo reports once',
      async (opened) => {
        let deaths = 0;
        for (let step = 1; ; step++) {
          const lane = `live/low/group-${step}`;
          const died = await dieAt(opened, lane, step);
          deaths += died ? 1 : 0;
          if (!died) break;
        }
        // Every write ahead, commit, publish and sweep, each lost before it took place or only its answer.
        assert.ok(deaths >= 12, `${deaths} steps`);
      },
    );

    spec('and a death in the middle of a recovery are healed by the next one', async (opened) => {
      for (let step = 1; step < 14; step++) {
        for (let again = 1; again < 6; again++) {
          const lane = `live/low/group-${step}-${again}`;
          await attempt(dyingStore(opened.store, step), 'run-1', lane);
          await recoverLanes(dyingStore(opened.store, again), [lane]).catch(onlyDeath);
          await redo(opened.store, lane);
        }
      }
    });
  });
}

/** A process that dies at a step, and the one after it, on a handle of its own. True when the first one did die. */
async function dieAt({ store, reopen }: ContractStore, lane: string, step: number): Promise<boolean> {
  const died = await attempt(dyingStore(store, step), 'run-1', lane);
  await redo(await reopen(), lane);
  return died;
}

async function attempt(store: Store, run: string, lane: string): Promise<boolean> {
  try {
    const { states } = await recoverLanes(store, [lane]);
    await reportLane(store, run, T0, states.get(lane));
    return false;
  } catch (error) {
    onlyDeath(error);
    return true;
  }
}

function onlyDeath(error: unknown): undefined {
  if (!(error instanceof Error) || error.message !== 'died') throw error;
  return undefined;
}

/** Recovers, works the lane again if it has to be, and looks whether it was reported exactly once. */
async function redo(store: Store, lane: string): Promise<void> {
  const { states } = await recoverLanes(store, [lane]);
  const state = states.get(lane)!;
  const before = await whatHappened(store, lane);
  assert.deepEqual(before, state.run === undefined ? [] : ['run-1']);
  if (state.to === undefined) assert.equal(await reportLane(store, 'run-2', T0, state), true);
  assert.equal((await whatHappened(store, lane)).length, 1);
  assert.deepEqual(
    (await store.lanes.pending()).filter((one) => one.lane === lane),
    [],
  );
}
