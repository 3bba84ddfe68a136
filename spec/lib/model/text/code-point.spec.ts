import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { byCodePoint } from '../../../../lib/model/event/object-view.ts';

describe('the order of texts', () => {
  it('is that of their code points, halves of pairs included', () => {
    const unit = fc.constantFrom(
      'a',
      'z',
      '\u0000',
      '\ud7ff',
      '\ud83d',
      '\ude00',
      '\ud800',
      '\udfff',
      '\ue000',
      '\uffff',
    );
    const text = fc.string({ unit, maxLength: 5 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        assert.equal(Math.sign(byCodePoint(a, b)), Math.sign(byPoints(a, b)));
      }),
      { seed: 3, numRuns: 5000 },
    );
  });
});

function byPoints(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => Array.from(text, (c) => c.codePointAt(0)!)) as [
    number[],
    number[],
  ];
  for (const [i, point] of left.entries()) {
    if (i >= right.length) return 1;
    if (point !== right[i]) return point - right[i]!;
  }
  return left.length - right.length;
}
