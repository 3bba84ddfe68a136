import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dryRunStore } from '../../../lib/store/dry-run.ts';
import { unpackHeld } from '../../../lib/store/held-entries.ts';
import type { Store } from '../../../lib/store/port.ts';
import { recoverLanes } from '../../../lib/store/commit-protocol.ts';
import { rawEvent } from '../../support/builders.ts';
import { openEmbeddedForSpec } from '../../support/store/embedded.ts';
import { reportLane, whatHappened, writeReport } from '../../support/store/reporter.ts';
import { collect, held, HOUR, LANE, stamp, T0 } from '../../support/store/rows.ts';

async function withDryRun(spec: (dry: Store, real: Store) => Promise<void>): Promise<void> {
  const [real, own] = [await openEmbeddedForSpec(), await openEmbeddedForSpec()];
  try {
    await spec(dryRunStore(real.store, own.store), real.store);
  } finally {
    await real.destroy();
    await own.destroy();
  }
}

async function heldIds(store: Store, run: string): Promise<string[]> {
  const parts = await collect(store.journal.held({ lane: LANE, run, after: 0 }));
  return parts.flatMap((part) => [...unpackHeld(part.entries)].map((one) => one.id));
}

describe('lib/store/dry-run', () => {
  it('reads what is there, and of its own what the run itself has to see', () =>
    withDryRun(async (dry, real) => {
      await real.events.insert([rawEvent({ id: 'one' })]);
      await real.groups.replace([{ name: 'a' }]);
      await reportLane(real, 'run-1', T0);
      assert.equal((await dry.events.byId(['one'])).size, 1);
      assert.deepEqual(await dry.groups.all(), [{ name: 'a' }]);
      assert.deepEqual(Buffer.from(await dry.secret()), Buffer.from(await real.secret()));
      await dry.lanes.writeAhead(stamp('dry'), [held(['mine'])]);
      assert.deepEqual(await heldIds(dry, 'dry'), [`run-1@${LANE}`, 'mine']);
      assert.deepEqual(await heldIds(dry, 'run-2'), [`run-1@${LANE}`]);
      assert.equal((await collect(dry.journal.thresholds({ lanes: [LANE] }))).length, 1);
    }));

  it('commits on the state that was read, and writes nothing to what is there', () =>
    withDryRun(async (dry, real) => {
      await reportLane(real, 'run-1', T0);
      const state = (await real.lanes.states([LANE])).get(LANE)!;
      assert.equal(await reportLane(dry, 'dry', T0 + HOUR, state), true);
      assert.deepEqual((await dry.lanes.states([LANE])).get(LANE), state);
      const labels = await dry.reports.list();
      assert.deepEqual(labels.map((one) => one.run), ['dry']); // prettier-ignore
      assert.equal((await dry.outbox.list()).length, 2);
      assert.deepEqual(await whatHappened(real), ['run-1']);
    }));

  it('leaves what real runs have left pending alone', () =>
    withDryRun(async (dry, real) => {
      await writeReport(real, 'run-1', T0);
      assert.deepEqual((await recoverLanes(dry, [LANE])).discarded, []);
      assert.deepEqual(await real.lanes.pending(), [stamp('run-1')]);
    }));

  it('takes no label that a real report bears', () =>
    withDryRun(async (dry, real) => {
      await reportLane(real, 'run-1', T0);
      assert.equal(await dry.reports.hasLabel(`run-1@${LANE}`), true);
    }));
});
