import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { inShard, parseShard } from '../../../../lib/run/plan/shard.ts';

describe('shards', () => {
  it('are written I/N, 0-based', () => {
    assert.deepEqual(parseShard('0/1'), { index: 0, count: 1 });
    assert.deepEqual(parseShard('3/16'), { index: 3, count: 16 });
    for (const text of ['', '1', '1/1', '4/4', '-1/2', '0/0', '1/2/3', ' 0/2', '0/2x', '1e1/20']) {
      assert.throws(() => parseShard(text), /invalid shard.*expected I\/N/, text);
    }
  });

  it('give every group to exactly one of them, about evenly', () => {
    const names = Array.from({ length: 4000 }, (_, i) => `abuse@group${i}.example`);
    const sizes = [0, 1, 2, 3].map(
      (index) => names.filter((name) => inShard(name, { index, count: 4 })).length,
    );
    assert.equal(sizes.reduce((sum, size) => sum + size, 0), names.length); // prettier-ignore
    for (const size of sizes) assert.ok(size > 850 && size < 1150, String(size));
  });

  it('stay the same from version to version', () => {
    assert.equal(inShard('abuse@example.org', { index: 0, count: 2 }), true);
  });
});
