import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Lane } from '../../lib/model/lane.ts';
import type { ScratchEvent } from '../../lib/scratch/port.ts';
import { aggregator, type LaneAggregation } from '../../stages/aggregator.ts';
import type { LaneItem } from '../../stages/item.ts';
import { event, lane } from '../support/builders.ts';
import { through } from '../support/stage.ts';

/** Weighs one for every source added; notes every spill. */
class Weights implements LaneAggregation {
  weight = 0;
  readonly spilled: number[] = [];

  add(_event: unknown, sources: readonly string[]): void {
    this.weight += sources.length;
  }

  spill(): void {
    this.spilled.push(this.weight);
    this.weight = 0;
  }
}

async function gather(counts: readonly [lane: number, sources: number][], maxWeight: number) {
  const lanes = [
    lane({ index: 0 }),
    lane({ index: 1, severity: 'high' }),
    lane({ index: 2, severity: 'critical' }),
  ];
  const aggregations = new Map<Lane, Weights>();
  const bodies: [number, ScratchEvent][] = [];
  const items = counts.map(([index, count]): LaneItem => {
    const view = event({ sources: Array.from({ length: count }, (_, i) => `192.0.2.${i + 1}`) });
    const owner = lanes[index]!;
    return {
      event: view,
      group: owner.group,
      part: 'regular',
      sources: view.sources,
      reason: undefined,
      lane: owner,
    };
  });
  const stage = aggregator({
    lanes,
    scratch: { addEvent: (number, body) => bodies.push([number, body]) },
    aggregationOf: (owner) => {
      const known = aggregations.get(owner) ?? new Weights();
      aggregations.set(owner, known);
      return known;
    },
    maxWeight,
  });
  const out = await through<Lane>(stage, items);
  return { lanes, out, bodies, spills: lanes.map((owner) => aggregations.get(owner)?.spilled ?? []) };
}

describe('aggregator', () => {
  it('hands on every lane of the slice in its order, also those without an event', async () => {
    const { lanes, out } = await gather([[1, 1]], 100);
    assert.deepEqual(out, lanes);
  });

  it('puts every body into the scratch at once, with the sources it is reported under', async () => {
    const { bodies } = await gather([[0, 2], [2, 1]], 100); // prettier-ignore
    assert.deepEqual(bodies.map(([number, body]) => [number, ...body.sources]), [[0, '192.0.2.1', '192.0.2.2'], [2, '192.0.2.1']]); // prettier-ignore
    assert.equal((JSON.parse(bodies[0]![1].body) as { ID: string }).ID, bodies[0]![1].id);
  });

  it('spills all lanes once they weigh more than the bound together, and at the end', async () => {
    const { spills } = await gather([[0, 3], [1, 3], [0, 1], [2, 2]], 5); // prettier-ignore
    assert.deepEqual(spills, [[3, 1], [3], [2]]);
  });
});
