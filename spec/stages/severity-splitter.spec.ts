import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Severity } from '../../lib/model/severity.ts';
import { RunCounters } from '../../lib/model/run-counters.ts';
import type { Item, LaneItem } from '../../stages/item.ts';
import { laneFinder, severitySplitter } from '../../stages/severity-splitter.ts';
import { END, event, group, lane, type EventOptions } from '../support/builders.ts';
import { through } from '../support/stage.ts';

async function split(
  options: EventOptions,
  more: { reason?: Item['reason']; defaultSeverity?: Severity } = {},
) {
  const owner = group();
  const lanes = (['low', 'critical'] as const).map((severity, index) =>
    lane({ group: owner, severity, index }),
  );
  const tally = new RunCounters();
  const view = event(options);
  const item: Item = {
    event: view,
    group: owner,
    part: 'regular',
    sources: view.sources,
    reason: more.reason,
  };
  const stage = severitySplitter({ laneOf: laneFinder(lanes), defaultSeverity: more.defaultSeverity, tally });
  const placed = await through<LaneItem>(stage, [item]);
  return { tally, lanes, lane: placed[0]?.lane.severity };
}

describe('severity splitter', () => {
  it('puts an item into the lane of its severity and counts it as new', async () => {
    const { lane, lanes } = await split({ severity: 'critical' });
    assert.equal(lane, 'critical');
    assert.deepEqual(
      lanes.map((l) => l.counters.entered),
      [0, 1],
    );
  });

  const borders: [string, number, boolean][] = [
    ['the first instant of the window is inside', END - 86_400_000, true],
    ['one millisecond before it is outside', END - 86_400_001, false],
    ['the last millisecond is inside', END - 1, true],
    ['the end of the window is outside', END, false],
  ];
  for (const [rule, stored, inside] of borders) {
    it(rule, async () => {
      const { lane, tally } = await split({ stored });
      assert.equal(lane, inside ? 'low' : undefined);
      assert.equal(tally.of('outside-window'), inside ? 0 : 1);
    });
  }

  it('names what has no severity, one outside the four, or no lane in this run', async () => {
    assert.equal((await split({ severity: undefined })).tally.of('no-severity'), 1);
    assert.equal((await split({ severity: 'High' })).tally.of('no-severity'), 1);
    assert.equal((await split({ severity: 'high' })).tally.of('not-in-run'), 1);
  });

  it('gives a replay its default severity, but never replaces one', async () => {
    assert.equal((await split({ severity: undefined }, { defaultSeverity: 'critical' })).lane, 'critical');
    assert.equal((await split({ severity: 'low' }, { defaultSeverity: 'critical' })).lane, 'low');
  });

  it('counts an item that brings its reason along in its lane, and lets it go no further', async () => {
    const { lane, lanes } = await split({}, { reason: 'outside-networks' });
    assert.equal(lane, undefined);
    assert.deepEqual(
      [lanes[0]!.counters.counts().evcount_new, lanes[0]!.counters.counts().evcount_net],
      [1, 1],
    );
    assert.equal(lanes[0]!.counters.residue, 0);
  });
});
