import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { openKeyOverflow } from '../../../lib/scratch/key-overflow.ts';

describe('lib/scratch/key-overflow', () => {
  it('remembers the last value of a key, up to the largest numbers', () => {
    const directory = mkdtempSync(join(tmpdir(), 'overflow-spec-'));
    const overflow = openKeyOverflow(directory);
    const most = 2 ** 32 - 1;
    assert.equal(overflow.get(0, 0), undefined);
    overflow.set(0, 0, 1);
    overflow.set(most, 0, 2);
    overflow.set(0, most, most - 1);
    overflow.set(most, 0, 3);
    assert.deepEqual([overflow.get(0, 0), overflow.get(most, 0), overflow.get(0, most)], [1, 3, most - 1]);
    assert.deepEqual(readdirSync(directory), []);
    overflow.close();
    rmSync(directory, { recursive: true });
  });
});
