import assert from 'node:assert/strict';
import { describe } from 'mocha';
import { OUTBOX_STATES, type OutboxChange, type OutboxRow, type Store } from '../../../../lib/store/port.ts';
import {
  collect,
  HOUR,
  LANE,
  message,
  outbox,
  report,
  settle,
  stamp,
  T0,
} from '../../../support/store/rows.ts';
import { withStore, type OpenContractStore } from './open.ts';

const OTHER = 'live/low/b@example.org';
const ALL = 1000;

async function rowOf(store: Store, label: string): Promise<OutboxRow> {
  return (await store.outbox.list()).find((row) => row.label === label)!;
}

/** Changes the row as it stands now. */
async function change(store: Store, label: string, to: OutboxChange): Promise<OutboxRow> {
  assert.equal(await store.outbox.change(await rowOf(store, label), to), true);
  return rowOf(store, label);
}

async function dueLabels(store: Store, now: number, run?: string): Promise<string[]> {
  return (await store.outbox.due(now, ALL, 'wire', run)).map((row) => row.label);
}

async function bytesOf(store: Store, run: string, label: string): Promise<string> {
  return Buffer.concat(await collect(store.outbox.message(run, label))).toString();
}

export function outboxContract(open: OpenContractStore): void {
  describe('outbox', () => {
    const spec = withStore(open);

    spec('holds live rows, queued at first', async ({ store, reopen }) => {
      await store.lanes.writeAhead(stamp('run-1'), [
        outbox('R1', { recipient: 'Ž <z@example.org>', number: 2 }),
      ]);
      assert.deepEqual(await store.outbox.list(), []);
      assert.deepEqual(await dueLabels(store, T0), []);
      await store.lanes.publish([stamp('run-1')]);
      const [row] = await (await reopen()).outbox.due(T0, ALL, 'wire');
      const { id, ...rest } = row!;
      assert.equal(typeof id, 'string');
      assert.deepEqual(rest, {
        label: 'R1',
        number: 2,
        recipient: 'Ž <z@example.org>',
        sender: 'reporter@example.org',
        way: 'wire',
        next: T0,
        lane: LANE,
        run: 'run-1',
        state: 'queued',
        attempt: 0,
        lease: undefined,
        since: undefined,
        reply: undefined,
        reason: undefined,
        stripped: 0,
        holder: undefined,
      });
    });

    spec('tells what is due, the oldest first', async ({ store }) => {
      await settle(store, 'run-1', [
        outbox('c', { next: T0 + 3 }),
        outbox('a', { next: T0 + 1 }),
        outbox('late', { next: T0 + 11 }),
      ]);
      await settle(store, 'run-2', [outbox('b', { next: T0 + 2 }), outbox('d', { next: T0 + 10 })], OTHER);
      assert.deepEqual(await dueLabels(store, T0 + 10), ['a', 'b', 'c', 'd']);
      assert.deepEqual(await dueLabels(store, T0 + 10, 'run-2'), ['b', 'd']);
      assert.deepEqual(
        (await store.outbox.due(T0 + 10, 2, 'wire')).map((row) => row.label),
        ['a', 'b'],
      );
      await change(store, 'a', { state: 'deferred', next: T0 + 9 });
      await change(store, 'b', { state: 'ambiguous', next: T0 + 12 });
      assert.deepEqual(await dueLabels(store, T0 + 10), ['c', 'a', 'd']);
      assert.deepEqual(await dueLabels(store, T0 + 12), ['c', 'a', 'd', 'late', 'b']);
    });

    spec('gives a leased row out again only when its lease has run out', async ({ store }) => {
      await settle(store, 'run-1', [outbox('a')]);
      await change(store, 'a', { state: 'sending', attempt: 1, lease: T0 + HOUR, since: T0 });
      assert.deepEqual(await dueLabels(store, T0 + HOUR - 1), []);
      assert.deepEqual(await dueLabels(store, T0 + HOUR), ['a']);
    });

    spec('gives a final row out no more', async ({ store }) => {
      await settle(store, 'run-1', [outbox('a'), outbox('b'), outbox('c')]);
      for (const [label, state] of [
        ['a', 'sent'],
        ['b', 'failed'],
        ['c', 'dropped'],
      ] as const)
        await change(store, label, { state, lease: undefined });
      assert.deepEqual(await dueLabels(store, T0 + 1000 * HOUR), []);
    });

    spec('changes a row only from the state and attempt that were read', async ({ store, reopen }) => {
      await settle(store, 'run-1', [outbox('a'), outbox('b')]);
      const other = await reopen();
      const [mine, theirs] = [await rowOf(store, 'a'), await rowOf(other, 'a')];
      const lease: OutboxChange = { state: 'sending', attempt: 1, lease: T0 + HOUR, since: T0 };
      assert.equal(await store.outbox.change(mine, lease), true);
      assert.equal(await other.outbox.change(theirs, lease), false);
      assert.equal(await other.outbox.change({ ...mine, ...lease, attempt: 2 }, { state: 'sent' }), false);
      const answered = {
        state: 'deferred',
        next: T0 + 5,
        lease: undefined,
        reply: '451 later\u0000',
        reason: 'x',
        stripped: 2,
        holder: 'host ns boot 1 2',
      } as const;
      assert.equal(await other.outbox.change({ ...mine, ...lease }, answered), true);
      assert.deepEqual(await rowOf(store, 'a'), { ...mine, ...lease, ...answered });
      assert.equal((await rowOf(store, 'b')).state, 'queued');
    });

    spec('has the rows of a transport that processes have leased', async ({ store }) => {
      await settle(store, 'run-1', [outbox('a'), outbox('b'), outbox('c', { way: 'spool:/x' })]);
      for (const label of ['a', 'c'])
        await change(store, label, { state: 'sending', lease: T0 + HOUR, holder: 'h' });
      const rows = await store.outbox.sending('wire');
      assert.deepEqual(rows.map(({ label, holder }) => [label, holder]), [['a', 'h']]); // prettier-ignore
    });

    spec('lists live rows newest first, and counts them by state', async ({ store }) => {
      await settle(store, 'run-1', [outbox('a'), outbox('b')]);
      await settle(store, 'run-2', [outbox('c')], OTHER);
      await store.lanes.writeAhead(stamp('run-3'), [outbox('pending')]);
      await change(store, 'b', { state: 'sent' });
      assert.deepEqual(
        (await store.outbox.list()).map((row) => row.label),
        ['c', 'b', 'a'],
      );
      assert.deepEqual(
        (await store.outbox.list(1)).map((row) => row.label),
        ['c'],
      );
      const none = Object.fromEntries(OUTBOX_STATES.map((state) => [state, 0]));
      assert.deepEqual(await store.outbox.counts(), { ...none, queued: 2, sent: 1 });
    });

    spec('has the rows of one report by number', async ({ store }) => {
      const second = outbox('a', { number: 2, recipient: 'x@example.org' });
      await settle(store, 'run-1', [second, outbox('a'), outbox('b')]);
      await settle(store, 'run-1', [outbox('a')], OTHER);
      await store.lanes.writeAhead(stamp('run-2'), [outbox('a')]);
      const rows = await store.outbox.ofReport(stamp('run-1'), 'a');
      assert.deepEqual(
        rows.map(({ lane, label, number }) => [lane, label, number]),
        [
          [LANE, 'a', 1],
          [LANE, 'a', 2],
        ],
      );
      assert.deepEqual(await store.outbox.ofReport(stamp('run-2'), 'a'), []);
    });

    spec('keeps messages in chunks, pending ones, too', async ({ store, reopen }) => {
      const big = Buffer.alloc(255 * 1024, 'x');
      await store.lanes.writeAhead(stamp('run-1'), [message('a', 1, 'second'), message('b', 0, 'other')]);
      await store.lanes.writeAhead(stamp('run-1'), [message('a', 0, 'first '), message('a', 2, big)]);
      await store.lanes.writeAhead(stamp('run-2'), [message('a', 0, 'another run')]);
      const other = await reopen();
      assert.equal(await bytesOf(other, 'run-1', 'a'), `first second${big.toString()}`);
      assert.equal(await bytesOf(other, 'run-2', 'a'), 'another run');
      assert.equal(await bytesOf(other, 'run-3', 'a'), '');
      await store.lanes.discard([stamp('run-2')]);
      assert.equal(await bytesOf(other, 'run-2', 'a'), '');
    });

    spec('sweeps messages all of whose rows have long been final', async ({ store }) => {
      const rows = [message('a', 0, 'A'), message('a', 1, 'A'), message('b', 0, 'B'), message('c', 0, 'C')];
      const both = [outbox('b'), outbox('b', { number: 2, recipient: 'x@example.org' })];
      await settle(store, 'run-1', [...rows, outbox('a'), ...both, outbox('c'), report('a')]);
      await store.lanes.writeAhead(stamp('run-2'), [message('a', 0, 'pending')]);
      const finish = async (row: OutboxRow, lease: number) => {
        const leased = { state: 'sending', attempt: 1, lease, since: T0 } as const;
        assert.equal(await store.outbox.change(row, leased), true);
        assert.equal(
          await store.outbox.change({ ...row, ...leased }, { state: 'sent', lease: undefined }),
          true,
        );
      };
      const all = await store.outbox.list();
      for (const row of all.filter((one) => one.label === 'a' || one.number === 2))
        await finish(row, T0 + HOUR);
      const kept = async () =>
        (await Promise.all(['a', 'b', 'c'].map((label) => bytesOf(store, 'run-1', label)))).join(' ');
      await store.outbox.sweep(T0);
      assert.equal(await kept(), 'AA B C');
      await store.outbox.sweep(T0 + 2 * HOUR);
      assert.equal(await kept(), ' B C');
      await finish(
        all.find((one) => one.label === 'b' && one.number === 1)!,
        T0 + 3 * HOUR,
      );
      await store.outbox.sweep(T0 + 2 * HOUR);
      assert.equal(await kept(), ' B C');
      await store.outbox.sweep(T0 + 4 * HOUR);
      assert.equal(await kept(), '  C');
      assert.equal(await bytesOf(store, 'run-2', 'a'), 'pending');
      assert.equal((await store.outbox.list()).length, 4);
    });
  });
}
