import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Document } from 'mongodb';
import { freshState, recoverLanes } from '../../../../lib/store/commit-protocol.ts';
import { needsMongod } from '../../../support/mongod.ts';
import { reportLane } from '../../../support/store/reporter.ts';
import { collect, HOUR, T0 } from '../../../support/store/rows.ts';
import { openMongoForSpec } from './open.ts';

const LANES = Array.from({ length: 40 }, (_, i) => `live/low/g${i}`);

describe('lib/store/mongodb plans', () => {
  needsMongod();

  it('serve everything that a run asks of our own collections by an index, in its order', async () => {
    const opened = await openMongoForSpec();
    const { store, client, database } = opened;
    const db = client.db(database);
    try {
      for (const lane of LANES) await reportLane(store, `run-${lane}`, T0, freshState(lane));
      await db.command({ profile: 2 });
      await recoverLanes(store, LANES);
      await collect(store.journal.thresholds({ lanes: LANES }));
      await collect(store.journal.thresholds({ lanes: LANES, expiredBy: T0 + HOUR }));
      await store.journal.expiredLanes(LANES, T0 + HOUR);
      await collect(store.journal.held({ lane: LANES[3]!, run: 'run', after: T0 }));
      await reportLane(store, 'run-2', T0 + HOUR, (await store.lanes.states(LANES)).get(LANES[0]!));
      const [row] = await store.outbox.due(T0 + HOUR, 10, 'wire');
      await store.outbox.due(T0 + HOUR, 10, 'wire', row!.run);
      await store.outbox.change(row!, { state: 'sent' });
      await collect(store.outbox.message(row!.run, row!.label));
      await store.outbox.list(10);
      await store.outbox.counts();
      await store.reports.list(10);
      await collect(store.reports.ofLane(LANES[0]!));
      await store.reports.ofRun({ lane: LANES[0]!, run: 'run-2' });
      await store.outbox.ofReport(row!, row!.label);
      await store.reports.get(row!.label);
      await collect(store.reports.entries(row!.label));
      await store.groups.all();
      await db.command({ profile: 0 });
      const operations = await db.collection('system.profile').find().toArray();
      const bad = operations.filter(
        (op) => op['hasSortStage'] === true || /COLLSCAN/.test(String(op['planSummary'])),
      );
      assert.deepEqual(bad.map(describeOperation), []);
      assert.ok(operations.length > 40);
    } finally {
      await db.command({ profile: 0 });
      await db.collection('system.profile').drop();
      await opened.destroy();
    }
  });
});

function describeOperation(op: Document): string {
  const { command, ns, planSummary, hasSortStage } = op;
  const noise = { lsid: undefined, $clusterTime: undefined };
  return JSON.stringify([ns, planSummary, hasSortStage, { ...(command as Document), ...noise }]);
}
