import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { PackedReader, PackedWriter } from '../../../lib/scratch/packed-values.ts';

type Value = number | string;

/** The values as they are read back, and the bytes they took. */
function through(values: readonly Value[]): { read: Value[]; length: number } {
  const writer = new PackedWriter();
  writer.write('forgotten');
  writer.clear();
  for (const value of values) writer.write(value);
  const reader = new PackedReader();
  reader.moveTo(Buffer.concat([Buffer.from('before'), writer.bytes.subarray(0, writer.length)]), 6);
  return { read: values.map(() => reader.read()), length: writer.length };
}

describe('packed numbers and texts', () => {
  it('are read back as they were written', () => {
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

  it('may be longer than the initial buffer of a writer', () => {
    const values = Array.from({ length: 300 }, (_, i) => `${i}`.padEnd(1000, 'é'));
    assert.deepEqual(through(values).read, values);
  });

  it('take one byte for a small number and one more than its bytes for a short text', () => {
    assert.equal(through([0, 31, 'tcp']).length, 6);
  });
});
