import assert from 'node:assert/strict';
import { describe } from 'mocha';
import { withStore, type OpenContractStore } from './open.ts';

export function secretContract(open: OpenContractStore): void {
  describe('secret', () => {
    withStore(open)('is made once and is the same for every handle', async ({ store, reopen }) => {
      const other = await reopen();
      const [first, second] = await Promise.all([store.secret(), other.secret()]);
      assert.equal(first.length, 32);
      assert.deepEqual(Buffer.from(second), Buffer.from(first));
      assert.deepEqual(Buffer.from(await (await reopen()).secret()), Buffer.from(first));
    });
  });
}
