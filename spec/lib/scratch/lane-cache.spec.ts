import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { LaneCache } from '../../../lib/scratch/lane-cache.ts';

describe('lib/scratch/recent', () => {
  it('makes again what is of another version, and what was not asked for among many others', () => {
    const recent = new LaneCache<string>();
    const made: string[] = [];
    const ask = (lane: number, version = 0): string =>
      recent.get(lane, version, () => {
        made.push(`${lane}.${version}`);
        return `${lane}.${version}`;
      });
    assert.deepEqual([ask(0), ask(0), ask(1), ask(0, 1), ask(0, 1)], ['0.0', '0.0', '1.0', '0.1', '0.1']);
    assert.deepEqual(made.splice(0), ['0.0', '1.0', '0.1']);
    for (let lane = 2; lane < 50; lane++) {
      ask(lane);
      ask(0, 1);
    }
    assert.ok(!made.includes('0.1'));
    ask(1);
    assert.equal(made.at(-1), '1.0');
  });
});
