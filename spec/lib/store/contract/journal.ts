import assert from 'node:assert/strict';
import { describe } from 'mocha';
import { unpackHeld } from '../../../../lib/store/held-entries.ts';
import type { HeldQuery, Store, ThresholdsQuery } from '../../../../lib/store/port.ts';
import { collect, held, HOUR, LANE, settle, stamp, T0, thresholds } from '../../../support/store/rows.ts';
import { withStore, type OpenContractStore } from './open.ts';

const OTHER = 'live/low/b@example.org';

/** Threshold times of the parts, in hours after T0. */
async function thresholdHours(store: Store, query: Partial<ThresholdsQuery> = {}): Promise<number[]> {
  const parts = await collect(store.journal.thresholds({ lanes: [LANE], ...query }));
  return parts.map((part) => (part.thresholdtime - T0) / HOUR);
}

async function heldIds(store: Store, query: Partial<HeldQuery> = {}): Promise<string[][]> {
  const parts = await collect(store.journal.held({ lane: LANE, run: 'reader', after: 0, ...query }));
  return parts.map((part) => [...unpackHeld(part.entries)].map((entry) => entry.id));
}

export function journalContract(open: OpenContractStore): void {
  describe('journal', () => {
    const spec = withStore(open);

    spec('forgets the thresholds of one run of one lane', async ({ store }) => {
      const part = { part: 0, thresholdtime: T0, ttl: T0 + HOUR, relapsetime: T0 + 5, keys: [{ class: 'c', sources: ['s'] }] }; // prettier-ignore
      for (const [run, lane] of Object.entries({ 'run-1': LANE, 'run-2': LANE, 'run-3': OTHER }))
        await settle(store, run, [{ kind: 'thresholds', ...part }], lane);
      await store.journal.forget({ lane: LANE, run: 'run-1' });
      await store.journal.forget({ lane: LANE, run: 'run-3' });
      const left = await collect(store.journal.thresholds({ lanes: [LANE, OTHER] }));
      assert.deepEqual(left.map(({ lane, run }) => [lane, run]).sort(), [[LANE, 'run-2'], [OTHER, 'run-3']].sort()); // prettier-ignore
    });

    spec('gives thresholds as they were set', async ({ store, reopen }) => {
      const keys = [
        { class: 'a\u0000/\ud800', sources: ['192.0.2.1', '2001:db8::/48', 'host\n.example'] },
        { class: 'b', sources: Array.from({ length: 5000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`) },
      ];
      const set = { part: 3, thresholdtime: T0, ttl: T0 + 5, relapsetime: T0 + 4, keys };
      await settle(store, 'run-1', [{ kind: 'thresholds', ...set }]);
      assert.deepEqual(await collect((await reopen()).journal.thresholds({ lanes: [LANE] })), [
        { lane: LANE, run: 'run-1', ...set },
      ]);
    });

    spec('gives live thresholds of the lanes asked for, the oldest first', async ({ store }) => {
      const at = (hours: number, part = 0) => thresholds({ thresholdtime: T0 + hours * HOUR, part });
      await settle(store, 'run-3', [at(3)]);
      await settle(store, 'run-1', [at(1, 0), at(1, 1)], OTHER);
      await settle(store, 'run-2', [at(2)]);
      await settle(store, 'run-9', [at(9)], 'live/high/abuse@example.org');
      await store.lanes.writeAhead(stamp('run-4'), [at(4)]);
      assert.deepEqual(await thresholdHours(store), [2, 3]);
      assert.deepEqual(await thresholdHours(store, { lanes: [LANE, OTHER] }), [1, 1, 2, 3]);
      assert.deepEqual(await thresholdHours(store, { lanes: [] }), []);
      await store.lanes.publish([stamp('run-4')]);
      assert.deepEqual(await thresholdHours(store), [2, 3, 4]);
    });

    spec('gives thresholds that have ended by an instant', async ({ store }) => {
      for (const [run, hours] of [
        ['run-1', 1],
        ['run-2', 2],
        ['run-3', 3],
      ] as const)
        await settle(store, run, [
          thresholds({ thresholdtime: T0 + hours * HOUR, ttl: T0 + 10 * hours * HOUR }),
        ]);
      assert.deepEqual(await thresholdHours(store, { expiredBy: T0 + 20 * HOUR }), [1, 2]);
      assert.deepEqual(await thresholdHours(store, { expiredBy: T0 + 20 * HOUR - 1 }), [1]);
    });

    spec('tells the lanes of which thresholds have ended by an instant', async ({ store }) => {
      const odd = 'live/low/a\u0000\ud7ff';
      const set = (run: string, lane: string, ttl: number) =>
        settle(store, run, [thresholds({ ttl }), thresholds({ ttl: ttl + HOUR, part: 1 })], lane);
      await set('run-1', LANE, T0 + 10);
      await set('run-1', OTHER, T0 + 11);
      await set('run-1', odd, T0 + 9);
      await set('run-1', 'live/high/abuse@example.org', T0);
      await store.lanes.writeAhead(stamp('run-2', OTHER), [thresholds({ ttl: T0 })]);
      const none = Array.from({ length: 1200 }, (_, i) => `live/low/${i}`);
      const lanes = [...none, LANE, OTHER, odd];
      assert.deepEqual([...(await store.journal.expiredLanes(lanes, T0 + 10))].sort(), [odd, LANE]);
      assert.deepEqual(await store.journal.expiredLanes(lanes, T0 + 8), new Set());
      assert.deepEqual(await store.journal.expiredLanes([OTHER], T0 + 11), new Set([OTHER]));
      assert.deepEqual(await store.journal.expiredLanes([], T0 + HOUR), new Set());
    });

    spec(
      "gives live held parts and the run's own, in the order they were written",
      async ({ store, reopen }) => {
        await settle(store, 'run-1', [held(['a', 'b']), held(['c'], { part: 1 })]);
        await settle(store, 'run-2', [held(['other'])], OTHER);
        await store.lanes.writeAhead(stamp('run-3'), [held(['d'], { created: T0 + HOUR })]);
        await store.lanes.writeAhead(stamp('run-4'), [held(['e'], { created: T0 + HOUR })]);
        await store.lanes.writeAhead(stamp('run-3'), [held(['f'], { created: T0 + HOUR, part: 1 })]);
        const other = await reopen();
        assert.deepEqual(await heldIds(other), [['a', 'b'], ['c']]);
        assert.deepEqual(await heldIds(other, { run: 'run-3' }), [['a', 'b'], ['c'], ['d'], ['f']]);
      },
    );

    spec('gives held parts created after an instant', async ({ store }) => {
      await settle(store, 'run-1', [held(['a'], { created: T0 }), held(['b'], { created: T0 + 1, part: 1 })]);
      assert.deepEqual(await heldIds(store, { after: T0 }), [['b']]);
      assert.deepEqual(await heldIds(store, { after: T0 - 1 }), [['a'], ['b']]);
      assert.deepEqual(await heldIds(store, { after: T0 + 1 }), []);
    });

    spec('keeps held parts whole, up to 5,000 entries', async ({ store }) => {
      const many = Array.from({ length: 5000 }, (_, i) => `id-${i}`);
      await settle(store, 'run-1', [held(many)]);
      const [part] = await collect(store.journal.held({ lane: LANE, run: '', after: 0 }));
      assert.deepEqual(
        [...unpackHeld(part!.entries)].map((entry) => entry.id),
        many,
      );
      assert.deepEqual(part!.keys, [{ class: 'recon-scanning', source: '192.0.2.1' }]);
      assert.equal(part!.created, T0);
    });

    spec(
      'loses thresholds that have ended to a sweep, and held parts no older threshold kept',
      async ({ store }) => {
        const set = (run: string, thresholdtime: number, ttl: number) =>
          settle(store, run, [thresholds({ thresholdtime, ttl }), held([run], { created: thresholdtime })]);
        await set('run-1', T0 + 1, T0 + 10);
        await set('run-2', T0 + 2, T0 + 30);
        await set('run-3', T0 + 3, T0 + 20);
        await store.lanes.sweep(LANE, T0 + 9);
        // Held at the very instant a threshold was set, an event was not suppressed by that one.
        assert.deepEqual(await heldIds(store), [['run-2'], ['run-3']]);
        await store.lanes.sweep(LANE, T0 + 10);
        assert.equal((await thresholdHours(store)).length, 2);
        assert.deepEqual(await heldIds(store), [['run-3']]);
        await store.lanes.sweep(LANE, T0 + 20);
        assert.equal((await thresholdHours(store)).length, 1);
        assert.deepEqual(await heldIds(store), [['run-3']]);
        await store.lanes.sweep(LANE, T0 + 30);
        assert.deepEqual(await thresholdHours(store), []);
        assert.deepEqual(await heldIds(store), []);
      },
    );

    spec('loses nothing of another lane, and nothing that is pending, to a sweep', async ({ store }) => {
      const rows = [
        thresholds({ thresholdtime: T0 + HOUR, ttl: T0 + 2 * HOUR }),
        held(['a'], { created: T0 }),
      ];
      await settle(store, 'run-1', rows, OTHER);
      await store.lanes.writeAhead(stamp('run-2'), rows);
      await store.lanes.sweep(LANE, T0 + 5 * HOUR);
      assert.equal((await thresholdHours(store, { lanes: [OTHER] })).length, 1);
      await store.lanes.publish([stamp('run-2')]);
      assert.equal((await thresholdHours(store)).length, 1);
      assert.deepEqual(await heldIds(store), [['a']]);
    });

    spec('may be swept while it is read', async ({ store }) => {
      for (const [run, ttl] of [
        ['run-1', 1],
        ['run-2', 2],
        ['run-3', 3],
      ] as const)
        await settle(store, run, [thresholds({ ttl: T0 + ttl }), held([run], { created: T0 + 5 })]);
      for await (const part of store.journal.thresholds({ lanes: [LANE] }))
        await store.lanes.sweep(LANE, part.ttl);
      for await (const part of store.journal.held({ lane: LANE, run: '', after: 0 }))
        await store.lanes.sweep(LANE, part.created);
      assert.deepEqual(await thresholdHours(store), []);
    });
  });
}
