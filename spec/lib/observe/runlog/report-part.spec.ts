import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { reportPart } from '../../../../lib/observe/runlog/report-part.ts';
import { sortedJson } from '../../../../lib/model/text/sorted-json.ts';
import type { LaneOutcome } from '../../../../lib/model/lane.ts';
import type { RunResult } from '../../../../lib/run/run-result.ts';

const lane = (group: string, more: Partial<LaneOutcome> = {}): LaneOutcome => ({
  lane: `live/low/${group}`,
  group,
  severity: 'low',
  from: 1_000,
  to: 3_999,
  result: 'reported',
  ...more,
});
const result = (outcomes: readonly LaneOutcome[]): RunResult => ({
  run: 'run',
  to: 0,
  outcomes,
  events: { read: 1 },
  mails: { sent: 1 },
  mailPlace: 'smtp://u:hidden@h',
  failures: [],
  ok: true,
});

describe('what a runlog says of the work', () => {
  it('lists lanes that had something to say, and counts all', () => {
    const part = reportPart(
      result([
        lane('a', { evcount_new: 2, summaryId: 'S', extraIds: ['E'], mailTo: ['x@y'], filtering: { f: 1 } }),
        lane('b', { result: 'failed', error: 'mongodb://u:hidden@h broke' }),
        lane('c', { result: 'skipped-no-events', evcount_new: 3 }),
        lane('d', { result: 'skipped-too-soon' }),
        lane('e', { result: 'skipped-too-soon', error: 'another reporter was first' }),
        lane('f', { result: 'standing' }),
      ]),
      'live',
    );
    assert.deepEqual(Object.keys(part.reports), ['a', 'b', 'e']);
    assert.deepEqual(part.reports['a']!['low'], {
      ts_from: 1,
      ts_to: 3,
      ts_from_s: '1970-01-01T00:00:01Z',
      ts_to_s: '1970-01-01T00:00:03.999Z',
      result: 'reported',
      evcount_new: 2,
      filtering: { f: 1 },
      summary_id: 'S',
      extra_id: ['E'],
      mail_to: ['x@y'],
    });
    assert.equal(part.reports['b']!['low']!.error, 'mongodb://u:***@h broke');
    assert.deepEqual(part.lanes, { reported: 1, 'skipped-no-events': 1, 'skipped-too-soon': 2, failed: 1, standing: 1 }); // prettier-ignore
    assert.deepEqual([part.standing, part.counters['evcount_new']], [['live/low/f'], 5]);
    assert.doesNotMatch(JSON.stringify(part), /hidden/);
  });

  it('is not the bigger for lanes that had nothing to say', () => {
    const many = (count: number) =>
      sortedJson(
        reportPart(
          result(
            Array.from({ length: count }, (_, i) => [
              lane(`g${i}`, { result: 'skipped-no-events', evcount_new: 0 }),
              lane(`h${i}`, { result: 'skipped-too-soon' }),
              lane(`i${i}`, { result: 'standing' }),
            ]).flat(),
          ),
          'live',
        ),
      ).length;
    assert.ok(many(20_000) - many(1_000) < 50);
  });

  it('takes a group by any name', () => {
    const names = ['__proto__', 'constructor', '10', '9', '\u001b[2J'];
    const { reports } = reportPart(result(names.map((name) => lane(name))), 'live');
    const written = JSON.parse(sortedJson(reports)) as object;
    assert.deepEqual(Object.keys(written).sort(), [...names].sort());
    assert.doesNotMatch(sortedJson(reports), /[^\n\x20-\x7e]/);
  });

  it('of a replay without events has no bounds', () => {
    const { reports } = reportPart(result([lane('a', { from: -Infinity, to: Infinity })]), 'live');
    assert.deepEqual([reports['a']!['low']!.ts_from, reports['a']!['low']!.ts_to_s], [null, null]);
  });
});
