import assert from 'node:assert/strict';
import { describe } from 'mocha';
import type { GroupDocument } from '../../../../lib/model/group/group.ts';
import { withStore, type OpenContractStore } from './open.ts';

export function groupContract(open: OpenContractStore): void {
  describe('groups', () => {
    const spec = withStore(open);

    spec('come as they were written, by name in code point order', async ({ store, reopen }) => {
      const rich: GroupDocument = {
        name: 'b@example.org',
        networks: [{ network: '192.0.2.0/24', netname: 'NET' }],
        filters: [{ name: 'f', type: 'advanced', filter: 'Category in ["Test"]', valid_to: null }],
        settings: { emails: ['x@example.org'], timing: 'custom', timing_thr_lo: 0 },
      };
      const names = ['\u{10000}', '\uffff', 'a', 'B', 'é'];
      assert.deepEqual(await store.groups.all(), []);
      await store.groups.replace([rich, ...names.map((name) => ({ name }))]);
      const all = await (await reopen()).groups.all();
      assert.deepEqual(
        all.map((group) => group.name),
        ['B', 'a', 'b@example.org', 'é', '\uffff', '\u{10000}'],
      );
      assert.deepEqual(
        all.find((group) => group.name === rich.name),
        rich,
      );
    });

    spec('are replaced by name', async ({ store }) => {
      await store.groups.replace([{ name: 'a', description: 'old' }, { name: 'b' }]);
      await store.groups.replace([{ name: 'a', enabled: false }]);
      assert.deepEqual(await store.groups.all(), [{ name: 'a', enabled: false }, { name: 'b' }]);
    });

    spec('are replaced all or not at all', async ({ store }) => {
      const endless: { name: string; networks: unknown[] } = { name: 'z', networks: [] };
      endless.networks.push(endless);
      await store.groups.replace([{ name: 'a', description: 'old' }]);
      await assert.rejects(
        store.groups.replace([{ name: 'a', description: 'new' }, endless as unknown as GroupDocument]),
      );
      assert.deepEqual(await store.groups.all(), [{ name: 'a', description: 'old' }]);
    });
  });
}
