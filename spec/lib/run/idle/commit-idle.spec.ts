import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { describe, it } from 'mocha';
import { commitIdle } from '../../../../lib/run/idle/commit-idle.ts';
import { planLanes } from '../../../../lib/run/plan/plan.ts';
import type { RunOptions } from '../../../../lib/run/run-options.ts';
import { openEmbeddedStore } from '../../../../lib/store/embedded/index.ts';
import type { Store } from '../../../../lib/store/port.ts';
import { END, group } from '../../../support/builders.ts';
import { override } from '../../../support/override.ts';
import { runDeps, runOptions } from '../../../support/run.ts';
import { collect } from '../../../support/store/rows.ts';

/** More lanes than are committed together: parts of 10,000. */
const GROUPS = Array.from({ length: 6_000 }, (_, i) => group({ name: `g${i}@example.org`, networks: [] }));

/** Lanes as they come from the store's answers: all of them in one. */
function asked<T>(planned: readonly T[]): AsyncIterable<readonly T[]> {
  return Readable.from([planned]);
}

function prepared(store: Store, mode: RunOptions['mode'] = 'regular') {
  const wanted = { mode, severities: ['critical', 'low'], timeHigh: END } as const;
  const options = runOptions(tmpdir(), wanted);
  const planned = planLanes({
    ...options,
    groups: GROUPS,
    to: END,
    regular: mode === 'regular',
    run: 'run',
    states: new Map(),
  });
  const stop = new AbortController();
  const deps = {
    ...runDeps({ directory: tmpdir(), store, groups: GROUPS, run: 'run' }),
    options,
  };
  return { planned, stop, deps: { ...deps, stop: stop.signal } };
}

describe('lib/run/idle/commit-idle', () => {
  it('commits all lanes in batches, with one outcome each', async () => {
    const store = openEmbeddedStore(':memory:');
    const { planned, deps } = prepared(store);
    const batches = await collect(commitIdle(asked(planned), deps));
    assert.deepEqual(
      batches.map(({ length }) => length),
      [10_000, 2_000],
    );
    const outcomes = batches.flat();
    assert.deepEqual(
      outcomes.map(({ lane }) => lane),
      planned.map(({ key }) => key),
    );
    assert.ok(
      outcomes.every(({ result, evcount_all }) => result === 'skipped-no-events' && evcount_all === 0),
    );
    const states = await store.lanes.statesByPrefix('live/');
    assert.equal(states.length, planned.length);
    assert.ok(states.every(({ to, run }) => to === END && run === 'run'));
    await store.close();
  });

  it('names every lane of a batch that failed, and goes on with the next', async () => {
    const store = openEmbeddedStore(':memory:');
    let parts = 0;
    const commit: Store['lanes']['commit'] = (commits) =>
      parts++ === 0 ? Promise.reject(new Error('the medium is full')) : store.lanes.commit(commits);
    const broken = override(store, { lanes: override(store.lanes, { commit }) });
    const { planned, deps } = prepared(broken);
    const [first, second] = await collect(commitIdle(asked(planned), deps));
    for (const { result, error } of first!) {
      assert.equal(result, 'failed');
      assert.match(error!, /^the medium is full; the next run finds out/);
    }
    assert.ok(second!.every(({ result }) => result === 'skipped-no-events'));
    await store.close();
  });

  it('begins no batch after a stop, and returns the outcomes of what was committed', async () => {
    const store = openEmbeddedStore(':memory:');
    const { planned, deps, stop } = prepared(store);
    const commit: Store['lanes']['commit'] = (commits) => {
      stop.abort();
      return store.lanes.commit(commits);
    };
    const stopped = override(store, { lanes: override(store.lanes, { commit }) });
    const batches = await collect(commitIdle(asked(planned), { ...deps, store: stopped }));
    assert.deepEqual(
      batches.map(({ length }) => length),
      [10_000],
    );
    assert.equal((await store.lanes.statesByPrefix('live/')).length, 10_000);
    await store.close();
  });

  it('leaves no state in an ad-hoc run', async () => {
    const store = openEmbeddedStore(':memory:');
    const { planned, deps } = prepared(store, 'default');
    const batches = await collect(commitIdle(asked(planned), deps));
    assert.equal(batches.flat().length, planned.length);
    assert.deepEqual(await store.lanes.statesByPrefix(''), []);
    await store.close();
  });
});
