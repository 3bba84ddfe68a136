import assert from 'node:assert/strict';
import { describe } from 'mocha';
import { freshState } from '../../../../lib/store/commit-protocol.ts';
import { commitOf, hits, HOUR, LANE, report, settle, stamp, T0 } from '../../../support/store/rows.ts';
import { withStore, type OpenContractStore } from './open.ts';

const OTHER = 'live/low/b@example.org';

export function laneContract(open: OpenContractStore): void {
  describe('lanes', () => {
    const spec = withStore(open);

    spec('have no state until they are committed', async ({ store }) => {
      assert.equal((await store.lanes.states([LANE, OTHER])).size, 0);
      assert.deepEqual(await store.lanes.commit([commitOf(freshState(LANE), 'run-1', T0)]), [true]);
      const states = await store.lanes.states([LANE, OTHER]);
      assert.deepEqual([...states], [[LANE, { lane: LANE, to: T0, epoch: 0, run: 'run-1' }]]);
    });

    spec('are committed only from the state that was read', async ({ store, reopen }) => {
      const other = await reopen();
      const fresh = freshState(LANE);
      assert.deepEqual(await store.lanes.commit([commitOf(fresh, 'run-1', T0)]), [true]);
      assert.deepEqual(await other.lanes.commit([commitOf(fresh, 'run-2', T0 + HOUR)]), [false]);
      const read = (await other.lanes.states([LANE])).get(LANE)!;
      assert.deepEqual(await other.lanes.commit([commitOf({ ...read, epoch: 1 }, 'run-2', T0 + HOUR)]), [
        false,
      ]);
      assert.deepEqual(await other.lanes.commit([commitOf({ ...read, to: T0 + 1 }, 'run-2', T0 + HOUR)]), [
        false,
      ]);
      assert.deepEqual(await other.lanes.commit([commitOf(read, 'run-2', T0 + HOUR)]), [true]);
      const after = { lane: LANE, to: T0 + HOUR, epoch: 0, run: 'run-2' };
      assert.deepEqual((await store.lanes.states([LANE])).get(LANE), after);
    });

    spec('are committed many at a time, each for itself', async ({ store }) => {
      const lanes = Array.from({ length: 200 }, (_, i) => `live/high/g${i}`);
      await store.lanes.commit([commitOf(freshState(lanes[7]!), 'early', T0)]);
      const done = await store.lanes.commit(
        lanes.map((lane) => commitOf(freshState(lane), 'late', T0 + HOUR)),
      );
      assert.deepEqual(
        done,
        lanes.map((_, i) => i !== 7),
      );
      const states = await store.lanes.states(lanes);
      assert.equal(states.size, 200);
      assert.equal(states.get(lanes[7]!)?.run, 'early');
      assert.deepEqual(await store.lanes.commit([]), []);
    });

    spec('are listed by the beginning of their key', async ({ store }) => {
      const lanes = ['live/low/a', 'live/low/b%', 'live/lowest/a', 'test-data/low/a'];
      await store.lanes.commit(lanes.map((lane) => commitOf(freshState(lane), 'run', T0)));
      const under = async (prefix: string) =>
        (await store.lanes.statesByPrefix(prefix)).map((state) => state.lane).sort();
      assert.deepEqual(await under('live/low/'), ['live/low/a', 'live/low/b%']);
      assert.deepEqual(await under('live/'), ['live/low/a', 'live/low/b%', 'live/lowest/a']);
      assert.deepEqual(await under(''), lanes);
      assert.deepEqual(await under('mail-test/'), []);
    });

    spec('get a higher epoch only if their state still stands', async ({ store, reopen }) => {
      const other = await reopen();
      assert.equal(await store.lanes.raiseEpoch(freshState(LANE)), true);
      assert.equal(await other.lanes.raiseEpoch(freshState(LANE)), false);
      const raised = { lane: LANE, to: undefined, epoch: 1, run: undefined };
      assert.deepEqual((await other.lanes.states([LANE])).get(LANE), raised);
      assert.deepEqual(await store.lanes.commit([commitOf(freshState(LANE), 'run-1', T0)]), [false]);
      assert.deepEqual(await store.lanes.commit([commitOf(raised, 'run-1', T0)]), [true]);
      assert.equal(await other.lanes.raiseEpoch(raised), false);
      assert.equal(await other.lanes.raiseEpoch({ ...raised, to: T0, run: 'run-1' }), true);
    });

    spec('name the stamps that have rows pending', async ({ store, reopen }) => {
      const stamps = [stamp('run-1'), stamp('run-2'), stamp('run-1', OTHER)];
      assert.deepEqual(await store.lanes.pending(), []);
      for (const one of stamps) {
        await store.lanes.writeAhead(one, [hits('f', 1)]);
        await store.lanes.writeAhead(one, [hits('g', 1)]);
      }
      const sorted = async () =>
        (await (await reopen()).lanes.pending()).map(({ lane, run }) => `${lane} ${run}`).sort();
      assert.deepEqual(await sorted(), [`${LANE} run-1`, `${LANE} run-2`, `${OTHER} run-1`]);
      await store.lanes.publish([stamps[0]!]);
      await store.lanes.discard([stamps[1]!]);
      assert.deepEqual(await sorted(), [`${OTHER} run-1`]);
    });

    spec('take publishing and discarding again, or for nothing', async ({ store }) => {
      await store.lanes.writeAhead(stamp('run-1'), [report('one')]);
      for (let i = 0; i < 2; i++) {
        await store.lanes.publish([stamp('run-1'), stamp('none')]);
        // What is live is not pending, and so is not discarded.
        await store.lanes.discard([stamp('run-1'), stamp('none')]);
        assert.equal((await store.reports.list()).length, 1);
      }
      await store.lanes.publish([]);
      await store.lanes.discard([]);
    });

    spec('can be written ahead again after their rows were discarded', async ({ store }) => {
      await store.lanes.writeAhead(stamp('run-1'), [hits('f', 1), report('one')]);
      await store.lanes.discard([stamp('run-1')]);
      await settle(store, 'run-1', [hits('f', 5), report('one')]);
      assert.deepEqual(
        (await store.lanes.hits()).map((row) => row.hits),
        [5],
      );
      assert.equal((await store.reports.list()).length, 1);
    });

    spec('sum the hits of filters over committed runs', async ({ store }) => {
      await settle(store, 'run-1', [hits('f', 2, T0), hits('g', 1, T0)]);
      await settle(store, 'run-2', [hits('f', 3, T0 - HOUR)]);
      await settle(store, 'run-2', [hits('f', 4, T0 + HOUR, 'b@example.org')], OTHER);
      await store.lanes.writeAhead(stamp('run-3'), [hits('f', 100, T0 + 2 * HOUR)]);
      const sums = (await store.lanes.hits()).map(({ group, filter, hits, lastHit }) => [
        group,
        filter,
        hits,
        lastHit,
      ]);
      assert.deepEqual(sums.sort(), [
        ['abuse@example.org', 'f', 5, T0],
        ['abuse@example.org', 'g', 1, T0],
        ['b@example.org', 'f', 4, T0 + HOUR],
      ]);
    });
  });
}
