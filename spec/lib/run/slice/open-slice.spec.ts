import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'mocha';
import { openSlice } from '../../../../lib/run/slice/open-slice.ts';
import { planLanes } from '../../../../lib/run/plan/plan.ts';
import { KeyHash } from '../../../../lib/thresholds/key-hash.ts';
import { openKeyOverflow } from '../../../../lib/scratch/key-overflow.ts';
import { openEmbeddedStore } from '../../../../lib/store/embedded/index.ts';
import { END, group } from '../../../support/builders.ts';
import { runDeps, runOptions } from '../../../support/run.ts';

describe('lib/run/slice/open-slice', () => {
  it('prepares the filters of its groups, and notes the problems of filters in their lanes', async () => {
    const filters = [{ name: 'fine', filter: 'Category in ["Recon"]' }];
    const odd = { name: 'odd', filter: 'Category in [' };
    const groups = [
      group({ name: 'a@example.org', filters }),
      group({ name: 'b@example.org', filters: [...filters, odd] }),
      group({ name: 'c@example.org' }),
    ];
    const store = openEmbeddedStore(':memory:');
    const options = runOptions(tmpdir(), { mode: 'regular', severities: ['low'], timeHigh: END });
    const planned = planLanes({
      ...options,
      groups,
      to: END,
      regular: true,
      run: 'run',
      states: new Map(),
    });
    const deps = {
      ...runDeps({ directory: tmpdir(), store, groups, run: 'run' }),
      options,
      hash: new KeyHash(await store.secret()),
      openOverflow: () => openKeyOverflow(tmpdir()),
      replay: undefined,
    };
    const slice = openSlice(planned, deps);
    assert.deepEqual(
      slice.lanes.map(({ problems }) => problems.map((problem) => problem.slice(0, 32))),
      [[], ['group b@example.org, filter odd: '.slice(0, 32)], []],
    );
    assert.deepEqual(
      [...slice.exclusions.values()].map((exclusions) => exclusions !== undefined),
      [true, true, false],
    );
    slice.source.destroy();
    await store.close();
  });
});
