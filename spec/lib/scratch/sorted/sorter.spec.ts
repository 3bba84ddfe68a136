import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { Sorter } from '../../../../lib/scratch/sorted/sorter.ts';
import { TemporaryFile } from '../../../../lib/scratch/sorted/temporary-file.ts';

/** Every record fills a run, and three runs become one. */
const TINY = { bytes: 64, runs: 3 };

/** What a lane holds, as `key number`. */
function recordsOf(sorter: Sorter, lane: number): string[] {
  const merged = sorter.sorted().read(lane);
  const records: string[] = [];
  for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next())
    records.push(`${cursor.key} ${cursor.number}`);
  return records;
}

describe('lib/scratch/sorted/sorter', () => {
  let directory: string;
  let file: TemporaryFile;
  before(() => void (directory = mkdtempSync(join(tmpdir(), 'sorter-spec-'))));
  after(() => rmSync(directory, { recursive: true, force: true }));
  beforeEach(() => void (file = new TemporaryFile(directory)));
  afterEach(() => file.close());

  it('keeps the order of equal keys, however often runs are put together', () => {
    const sorter = new Sorter(file, TINY);
    for (let i = 0; i < 100; i++) sorter.add(i % 7, i % 2 === 0 ? 'even' : 'odd', i);
    const expected = Array.from({ length: 100 }, (_, i) => i).filter((i) => i % 7 === 3);
    assert.deepEqual(recordsOf(sorter, 3), [
      ...expected.filter((i) => i % 2 === 0).map((i) => `even ${i}`),
      ...expected.filter((i) => i % 2 === 1).map((i) => `odd ${i}`),
    ]);
    assert.ok(sorter.sorted().unmerged.length < 3);
  });

  it('finds every lane of runs that were put together', () => {
    const sorter = new Sorter(file, { bytes: 4000, runs: 3 });
    const most = 2 ** 32 - 1;
    for (let i = 0; i < 3000; i++) sorter.add(i % 2 === 0 ? i % 500 : most - (i % 500), 'key', i);
    for (const lane of [0, 2, 498, most - 1, most - 499]) {
      const numbers = Array.from({ length: 3000 }, (_, i) => i).filter(
        (i) => lane === (i % 2 === 0 ? i % 500 : most - (i % 500)),
      );
      assert.deepEqual(
        recordsOf(sorter, lane),
        numbers.map((i) => `key ${i}`),
      );
    }
    assert.deepEqual(recordsOf(sorter, 1), []);
  });

  it('goes on with what a reading began with while runs are put together', () => {
    const sorter = new Sorter(file, TINY);
    for (let i = 0; i < 5; i++) sorter.add(0, `key ${i}`, i);
    const merged = sorter.sorted().read(0);
    const read: number[] = [];
    for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
      read.push(cursor.number);
      for (let i = 0; i < 5; i++) sorter.add(0, 'key', i);
    }
    assert.deepEqual(read, [0, 1, 2, 3, 4]);
  });

  it('puts runs together that hold records of any size', () => {
    const sorter = new Sorter(file, TINY);
    const texts = [1, 1_000_000, 10, 3_000_000, 40, 20_000].map((length) => 'x'.repeat(length));
    for (const [i, text] of texts.entries()) sorter.add(i % 2, 'key', i, text);
    const merged = sorter.sorted().read(0, 1);
    const lengths: number[] = [];
    for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next())
      lengths.push(cursor.text.length);
    assert.deepEqual(
      lengths.sort((a, b) => a - b),
      [1, 10, 40, 20_000, 1_000_000, 3_000_000],
    );
  });

  it('has every record once when the medium was full for a while', () => {
    const written = file.append.bind(file);
    for (let failing = 0; failing < 12; failing++) {
      const sorter = new Sorter(file, TINY);
      let appends = 0;
      file.append = (bytes) => {
        if (appends++ === failing) throw new Error('full');
        written(bytes);
      };
      const kept: string[] = [];
      for (let i = 0; i < 6; i++) {
        sorter.add(0, `key ${i}`, i);
        kept.push(`key ${i} ${i}`);
        try {
          sorter.sorted();
        } catch (error) {
          assert.equal((error as Error).message, 'full');
        }
      }
      assert.deepEqual(recordsOf(sorter, 0), kept);
    }
  });

  it('forgets what it was given, and who has it sorted keeps it', () => {
    const sorter = new Sorter(file, TINY);
    sorter.add(0, 'a', 1);
    const runs = sorter.sorted();
    sorter.add(0, 'b', 2);
    sorter.clear();
    assert.deepEqual(recordsOf(sorter, 0), []);
    sorter.add(0, 'c', 3);
    assert.deepEqual(recordsOf(sorter, 0), ['c 3']);
    const kept = runs.read(0);
    assert.equal(kept.next()?.key, 'a');
    assert.equal(kept.next(), undefined);
  });
});
