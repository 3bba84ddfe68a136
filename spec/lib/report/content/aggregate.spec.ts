import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Entry } from '../../../../lib/model/report.ts';
import { Aggregation } from '../../../../lib/report/content/aggregate.ts';
import { mergeEntries } from '../../../../lib/report/content/entry.ts';
import { statisticsOf } from '../../../../lib/report/content/statistics.ts';
import { timelineOf } from '../../../../lib/report/content/timeline.ts';
import { event } from '../../../support/builders.ts';
import { ArrayScratch } from '../../../support/scratch.ts';

const EVENTS = Array.from({ length: 30 }, (_, i) =>
  event({
    id: `e${i}`,
    sources: [`192.0.2.${i % 4}`, `192.0.2.${i % 3}`],
    eventClass: `class-${i % 2}`,
    more: { ConnCount: i, Target: [{ Port: [i] }] },
  }),
);

/** What the scratch tells of a lane after the events were added, spilled whenever `spill` says so. */
function outcome(order: readonly number[], spill: (i: number) => boolean): unknown {
  const scratch = new ArrayScratch(mergeEntries);
  const aggregation = new Aggregation(3, scratch);
  for (const [i, position] of order.entries()) {
    const view = EVENTS[position]!;
    aggregation.add(
      view,
      view.sources.map((s) => s.text),
      position % 5 === 0 ? 'relapsed' : 'regular',
    );
    if (spill(i)) aggregation.spill();
  }
  aggregation.spill();
  assert.equal(aggregation.weight, new Aggregation(3, scratch).weight);
  const entries = [...scratch.entries(3)].map(({ part, class: eventClass, source, json }) => {
    return { part, class: eventClass, source, entry: JSON.parse(json) as Entry };
  });
  const largestCounts = (dimension: string, limit: number) => scratch.largestCounts(3, dimension, limit);
  return {
    entries,
    statistics: statisticsOf(order.length, { largestCounts }),
    timeline: timelineOf(largestCounts),
  };
}

describe('aggregation', () => {
  const order = EVENTS.map((_, i) => i);

  it('comes to the same in any order and however often it is spilled', () => {
    const whole = outcome(order, () => false);
    assert.deepEqual(
      outcome([...order].reverse(), () => true),
      whole,
    );
    assert.deepEqual(
      outcome(
        [...order].sort((a, b) => (a % 7) - (b % 7)),
        (i) => i % 4 === 0,
      ),
      whole,
    );
  });

  it('keeps parts, classes and sources apart', () => {
    const { entries } = outcome(order, () => false) as {
      entries: { part: string; class: string; source: string }[];
    };
    const places = entries.map(({ part, class: eventClass, source }) => `${part} ${eventClass} ${source}`);
    assert.equal(new Set(places).size, places.length);
    assert.deepEqual([...places].sort(), places);
    assert.ok(places.includes('relapsed class-1 192.0.2.3'));
  });

  it('weighs what it holds', () => {
    const aggregation = new Aggregation(0, new ArrayScratch(mergeEntries));
    const empty = aggregation.weight;
    const weights = [0, 0, 0, 1].map((i) => {
      aggregation.add(EVENTS[i]!, [`192.0.2.${i}`], 'regular');
      return aggregation.weight;
    });
    assert.ok(weights[0]! > empty && empty > 0);
    assert.equal(weights[2], weights[1], 'the same again weighs nothing');
    assert.ok(weights[3]! > weights[2]!);
  });
});
