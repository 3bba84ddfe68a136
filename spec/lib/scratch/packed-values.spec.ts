import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { PackedReader, PackedWriter } from '../../../lib/scratch/packed-values.ts';
import { TextTable } from '../../../lib/scratch/text-table.ts';

type Value = number | string;

/** What is read back of values, and how many bytes they took. */
function through(values: readonly Value[], texts = new TextTable()): { read: Value[]; length: number } {
  const writer = new PackedWriter(texts);
  writer.write('forgotten');
  writer.clear();
  for (const value of values) writer.write(value);
  const reader = new PackedReader(texts);
  reader.moveTo(Buffer.concat([Buffer.from('before'), writer.bytes.subarray(0, writer.length)]), 6);
  return { read: values.map(() => reader.read()), length: writer.length };
}

describe('packed numbers and texts', () => {
  it('are read back as they were put', () => {
    const number = fc.oneof(
      fc.integer(),
      fc.nat({ max: 300 }),
      fc.double({ noNaN: true }).map((n) => n + 0),
      fc.constantFrom(2 ** 28 - 1, 2 ** 28, 2 ** 53 - 1, -1, 0.5),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200, size: 'max' }),
      fc.constantFrom('', 'tcp', 'é'),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(number, text)), (values) =>
        assert.deepEqual(through(values).read, values),
      ),
      { seed: 11, numRuns: 200 },
    );
  });

  it('may be more than a writer has room for at first', () => {
    const values = Array.from({ length: 300 }, (_, i) => `${i}`.padEnd(1000, 'é'));
    assert.deepEqual(through(values).read, values);
  });

  it('take one byte for small numbers and for texts that came before', () => {
    assert.equal(through([0, 31, 'a detector', 'a detector']).length, 4);
  });

  it('are read back when there are more texts than get a number', () => {
    const texts = new TextTable();
    const values = Array.from({ length: 10_000 }, (_, i) => `text ${i}`);
    assert.deepEqual(through(values, texts).read, values);
    assert.deepEqual(through(values, texts).read, values);
    assert.equal(texts.toNumber('one more'), undefined);
  });
});
