import assert from 'node:assert/strict';
import { describe } from 'mocha';
import type { ReportRecord } from '../../../../lib/model/report.ts';
import { formatInstant } from '../../../../lib/model/time.ts';
import {
  collect,
  entries,
  entry,
  HOUR,
  LANE,
  report,
  settle,
  stamp,
  T0,
} from '../../../support/store/rows.ts';
import { withStore, type OpenContractStore } from './open.ts';

const OTHER = 'live/low/b@example.org';

export function reportContract(open: OpenContractStore): void {
  describe('reports', () => {
    const spec = withStore(open);

    spec('come back as they were written', async ({ store, reopen }) => {
      const { record } = report('R1', {
        subject: 'odd \u0000 \ud800 "quotes"',
        filtering: { 'filter.with.dots': 2, $dollar: 1 },
        statistics: { cnt_alerts: 2, cnt_events: 2, cnt_recurring: 0, cnt_unique: 2, 'a.b': { 'x.y$': 3 } },
        structured_data: {
          timezone: 'UTC',
          regular: { 'class.a': { '192.0.2.1': entry('192.0.2.1').entry } },
          relapsed: {},
          entries_left_out: 0,
        },
      });
      await settle(store, 'run-1', [{ kind: 'report', record }]);
      assert.deepEqual(await (await reopen()).reports.get('R1'), record);
      assert.equal(await store.reports.get('R2'), undefined);
    });

    spec('are listed newest first without their long parts', async ({ store }) => {
      const at = (label: string, hours: number) =>
        report(label, { createtime: formatInstant(T0 + hours * HOUR) });
      await settle(store, 'run-1', [at('b', 2), at('a', 1)]);
      await settle(
        store,
        'run-2',
        [at('d', 4), report('c', { createtime: formatInstant(T0 + 2 * HOUR + 500) })],
        OTHER,
      );
      await store.lanes.writeAhead(stamp('run-3'), [at('pending', 9)]);
      const list = await store.reports.list();
      assert.deepEqual(
        list.map((one) => one.label),
        ['d', 'c', 'b', 'a'],
      );
      assert.deepEqual(
        (await store.reports.list(2)).map((one) => one.label),
        ['d', 'c'],
      );
      const summary: Partial<ReportRecord> = report('a', { createtime: formatInstant(T0 + HOUR) }).record;
      delete summary.statistics;
      delete summary.structured_data;
      delete summary.message;
      delete summary.timeline;
      assert.deepEqual(list.at(-1), summary);
    });

    spec(
      'of the same instant are listed by label, in whatever order they were written',
      async ({ store }) => {
        await settle(store, 'run-1', [report('c'), report('a')]);
        await settle(store, 'run-2', [report('d'), report('b')], OTHER);
        const labels = async (limit?: number) => (await store.reports.list(limit)).map((one) => one.label);
        assert.deepEqual(await labels(), ['a', 'b', 'c', 'd']);
        assert.deepEqual(await labels(3), ['a', 'b', 'c']);
      },
    );

    spec('are found by the run that made them', async ({ store }) => {
      await settle(store, 'run-1', [report('a'), report('b')]);
      await settle(store, 'run-1', [report('c')], OTHER);
      await settle(store, 'run-2', [report('d')]);
      await store.lanes.writeAhead(stamp('run-3'), [report('e')]);
      const labels = async (run: string) =>
        (await store.reports.ofRun(stamp(run))).map((one) => one.label).sort();
      assert.deepEqual(await labels('run-1'), ['a', 'b']);
      assert.deepEqual(await labels('run-2'), ['d']);
      assert.deepEqual(await labels('run-3'), []);
      assert.deepEqual(await labels('none'), []);
      const listed = (await store.reports.list()).filter((one) => one.label === 'd');
      assert.deepEqual(await store.reports.ofRun(stamp('run-2')), listed);
    });

    spec('are found by their lane, the run that began last first', async ({ store }) => {
      const many = Array.from({ length: 250 }, (_, i) => report(`many-${i}`));
      await settle(store, '20260102T000000Z', [report('b'), report('c')]);
      await settle(store, '20260101T000000Z', [report('a')]);
      await settle(store, '20260101T000000Z', [report('other')], OTHER);
      await settle(store, '20251231T000000Z', many);
      await store.lanes.writeAhead(stamp('20260103T000000Z'), [report('pending')]);
      const found = await collect(store.reports.ofLane(LANE));
      const labels = found.map((one) => one.label);
      assert.deepEqual(labels.slice(0, 2).sort(), ['b', 'c']);
      assert.equal(labels[2], 'a');
      assert.deepEqual(labels.slice(3).sort(), many.map((one) => one.record.label).sort());
      assert.deepEqual(found[2], (await store.reports.ofRun(stamp('20260101T000000Z')))[0]);
      assert.deepEqual(await collect(store.reports.ofLane('live/low/none')), []);
    });

    spec('are unseen while they are pending', async ({ store }) => {
      await store.lanes.writeAhead(stamp('run-1'), [report('R1'), entries('R1', 0, [entry('192.0.2.1')])]);
      assert.equal(await store.reports.get('R1'), undefined);
      assert.equal(await store.reports.hasLabel('R1'), false);
      assert.deepEqual(await collect(store.reports.entries('R1')), []);
      await store.lanes.publish([stamp('run-1')]);
      assert.equal(await store.reports.hasLabel('R1'), true);
      assert.equal((await collect(store.reports.entries('R1'))).length, 1);
    });

    spec('may bear a label that another run has written ahead', async ({ store }) => {
      const rows = (subject: string) => [report('R1', { subject }), entries('R1', 0, [entry(subject)])];
      await store.lanes.writeAhead(stamp('run-1'), rows('first'));
      await store.lanes.writeAhead(stamp('run-2'), rows('second'));
      await store.lanes.writeAhead(stamp('run-2', OTHER), [hitsNothing()]);
      await store.lanes.discard([stamp('run-1')]);
      await store.lanes.publish([stamp('run-2')]);
      assert.equal((await store.reports.get('R1'))?.subject, 'second');
      assert.deepEqual(
        (await collect(store.reports.entries('R1'))).map((one) => one.source),
        ['second'],
      );
    });

    spec('have entries in the order of their parts', async ({ store }) => {
      const part = (n: number) =>
        Array.from({ length: 500 }, (_, i) => entry(`10.${n}.${i >> 8}.${i & 255}`));
      await store.lanes.writeAhead(stamp('run-1'), [entries('R1', 2, part(2))]);
      await store.lanes.writeAhead(stamp('run-1'), [entries('R1', 0, part(0)), entries('R2', 0, part(9))]);
      await store.lanes.writeAhead(stamp('run-1'), [entries('R1', 1, part(1)), report('R1'), report('R2')]);
      await store.lanes.publish([stamp('run-1')]);
      assert.deepEqual(await collect(store.reports.entries('R1')), [...part(0), ...part(1), ...part(2)]);
      assert.deepEqual(await collect(store.reports.entries('R3')), []);
    });
  });
}

function hitsNothing() {
  return { kind: 'hits', group: 'b@example.org', filter: 'f', hits: 0, at: T0 } as const;
}
