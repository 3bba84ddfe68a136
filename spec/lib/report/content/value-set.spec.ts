import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { ValueSet } from '../../../../lib/model/report.ts';
import { cutSet, EXACT, KEPT, ValueBag } from '../../../../lib/report/content/value-set.ts';
import { PackedReader, PackedWriter } from '../../../../lib/scratch/packed-values.ts';

const partialOf = (bag: ValueBag): ValueSet => JSON.parse(bag.toJson()) as ValueSet;
const absorbPacked = (bag: ValueBag, other: ValueBag): void => {
  const writer = new PackedWriter();
  other.pack(writer);
  const reader = new PackedReader();
  reader.moveTo(writer.bytes, 0);
  bag.absorbPacked(reader);
};
const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => n - i);

describe('value set', () => {
  it('sorts numbers as numbers, before texts by code point', () => {
    const bag = ValueBag.of([443, 'z', 80, '\u{1f600}', '\uff5e', 8080, 'a', 80]);
    assert.deepEqual(partialOf(bag), { values: [80, 443, 8080, 'a', 'z', '\uff5e', '\u{1f600}'] });
  });

  it('is exact up to its bound, and keeps the smallest beyond it', () => {
    assert.deepEqual(partialOf(ValueBag.of(numbers(EXACT))).values.length, EXACT);
    const saturated = partialOf(ValueBag.of(numbers(EXACT + 1)));
    assert.deepEqual(saturated.values, numbers(KEPT).reverse());
    assert.equal(saturated.left_out, EXACT + 1 - KEPT);
    assert.equal(saturated.at_least, true);
  });

  it('is cut for a report with the number left out', () => {
    assert.deepEqual(cutSet({ values: [1, 2] }, 2), { values: [1, 2] });
    assert.deepEqual(cutSet({ values: [1, 2, 3] }, 2), { values: [1, 2], left_out: 1 });
    assert.deepEqual(cutSet({ values: [1, 2, 3], left_out: 901, at_least: true }, 2), {
      values: [1, 2],
      left_out: 902,
      at_least: true,
    });
  });

  it('never changes what it shares', () => {
    const shared = ValueBag.of([1, 2]);
    const bag = new ValueBag();
    bag.absorb(shared);
    bag.absorb(ValueBag.of([3]));
    assert.deepEqual(partialOf(shared).values, [1, 2]);
    assert.deepEqual(partialOf(bag).values, [1, 2, 3]);
  });

  it('comes to the same in any order and grouping, packed or not', () => {
    const values = fc.array(fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.string({ maxLength: 2 })), {
      maxLength: 1500,
      size: 'max',
    });
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), fc.boolean(), (parts, packed) => {
        const all = partialOf(ValueBag.of(parts.flat()));
        const merged = new ValueBag();
        for (const part of [...parts].reverse()) {
          const bag = ValueBag.of(part);
          if (packed) absorbPacked(merged, bag);
          else merged.absorb(bag);
        }
        assert.deepEqual(partialOf(merged), all);
      }),
      { seed: 42, numRuns: 30 },
    );
  });
});
