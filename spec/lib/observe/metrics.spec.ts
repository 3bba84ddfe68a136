import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { metricsText, writeMetrics, type MeasuredRun } from '../../../lib/observe/metrics.ts';
import type { LaneOutcome } from '../../../lib/model/lane.ts';
import { makeFolder } from '../../support/folder.ts';

const lane = (severity: LaneOutcome['severity'], more: Partial<LaneOutcome>): LaneOutcome => ({
  lane: `live/${severity}/a`,
  group: 'a',
  severity,
  from: 40_000,
  to: 90_000,
  result: 'reported',
  ...more,
});
const RUN: MeasuredRun = {
  name: 'reporter',
  shard: undefined,
  start: 98_500,
  end: 100_000,
  success: true,
  state: { ts_last_low_a: 90, ts_last_low_low_b: 80, ts_last_high_a: 40 },
  result: {
    run: 'run',
    to: 90_000,
    outcomes: [
      lane('low', {
        evcount_thr: 2,
        evcount_thr_blk: 3,
        evcount_rlp: 1,
        summaryId: 'S',
        extraIds: ['E', 'F'],
      }),
      lane('low', { result: 'skipped-no-events', evcount_flt_blk: 4 }),
      lane('high', { result: 'failed' }),
    ],
    events: { read: 9, routed: 8, 'unknown-group': 1 },
    mails: { sent: 2, failed: 1 },
    mailPlace: 'spool',
    failures: [],
    ok: true,
  },
};

/** Values by series, the reporter's own label left out. */
async function series(run: MeasuredRun): Promise<Record<string, number>> {
  const lines = (await metricsText(run)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, labels, value] = /^mentat_reporter_(\w+)\{(.*?),?name="[^"]*"\} (.*)$/.exec(line)!;
      return [labels === '' ? name! : `${name!} ${labels!}`, Number(value)];
    }),
  );
}

describe('metrics', () => {
  it('say how the run went, how far each severity has come, and what became of events, reports and mails', async () => {
    const found = await series(RUN);
    const expected = {
      last_run_timestamp_seconds: 100,
      last_run_success: 1,
      run_duration_seconds: 1.5,
      'last_success_timestamp_seconds severity="low"': 90,
      'last_success_timestamp_seconds severity="high"': 40,
      'oldest_lane_lag_seconds severity="low"': 10,
      'oldest_lane_lag_seconds severity="high"': 60,
      'lanes result="reported"': 1,
      'lanes result="failed"': 1,
      'lanes result="standing"': 0,
      events_read: 9,
      'events reason="unknown-group"': 1,
      'events reason="passed"': 2,
      'events reason="suppressed"': 3,
      'events reason="filtered"': 4,
      'events reason="relapsed"': 1,
      'events reason="invalid"': 0,
      'reports type="summary"': 1,
      'reports type="extra"': 2,
      'mails outcome="sent"': 2,
      'mails outcome="failed"': 1,
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(found[name], value, name);
  });

  it('of a run that came to nothing still say so, and when something was done last', async () => {
    const found = await series({ ...RUN, success: false, result: undefined });
    assert.equal(found['last_run_success'], 0);
    assert.equal(found['last_success_timestamp_seconds severity="low"'], 90);
    assert.equal(found['mails outcome="sent"'], 0);
    assert.equal(found['oldest_lane_lag_seconds severity="low"'], undefined);
  });

  it('of shards can lie side by side', async () => {
    assert.match(
      await metricsText({ ...RUN, shard: '1/4' }),
      /_last_run_success\{name="reporter",shard="1\/4"\} 1\n/,
    );
  });

  it('can be told apart from what a label says', async () => {
    const text = await metricsText({ ...RUN, shard: 'x"} 1\nevil 2\\' });
    assert.match(text, /shard="x\\"\} 1\\nevil 2\\\\"\} 1\n/);
    assert.doesNotMatch(text, /^evil/m);
  });

  it('are written whole, and leave nothing else that a collector would read', async () => {
    const folder = makeFolder();
    const path = folder.write('m.prom', 'old');
    await writeMetrics(path, RUN);
    assert.match(readFileSync(path, 'utf8'), /^# HELP [^]*\n$/);
    assert.deepEqual(readdirSync(folder.path), ['m.prom']);
    await assert.rejects(
      writeMetrics(folder.at('no/m.prom'), RUN),
      /no\/m\.prom: cannot write the metrics file/,
    );
    folder.remove();
  });
});
