import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Heap } from '../../../lib/model/heap.ts';

function drain(heap: Heap<number>): number[] {
  const drained: number[] = [];
  for (let first = heap.first; first !== undefined; first = heap.first) {
    drained.push(first);
    heap.removeFirst();
  }
  return drained;
}

const ascending = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

describe('heap', () => {
  it('returns its items in order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const number of numbers) heap.push(number);
        assert.equal(heap.size, numbers.length);
        assert.deepEqual(drain(heap), ascending(numbers));
      }),
      { seed: 3 },
    );
  });

  it('restores the order when the first item is replaced', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.integer(), (numbers, other) => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const number of numbers) heap.push(number);
        heap.replaceFirst(other);
        assert.deepEqual(drain(heap), ascending([...ascending(numbers).slice(1), other]));
      }),
      { seed: 4 },
    );
  });

  it('stays empty when the first item of an empty heap is removed', () => {
    const heap = new Heap<number>((a, b) => a < b);
    heap.removeFirst();
    assert.equal(heap.first, undefined);
  });
});
