import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { decodeText, encodeText } from '../../../../lib/store/embedded/text.ts';

/** Code points, a lone surrogate being one: what the engine would compare if it could hold them. */
function codePoints(text: string): number[] {
  return Array.from(text, (c) => c.codePointAt(0)!);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((point, i) => point !== b[i]);
  if (at < 0) return a.length - b.length;
  return at >= b.length ? 1 : a[at]! - b[at]!;
}

const UNITS = [
  '\u0000',
  '\u0001',
  '\u0002',
  '\u0003',
  'a',
  '\ud7fe',
  '\ud7ff',
  '\ud800',
  '\udbff',
  '\udc00',
  '\udfff',
];
const text = fc.string({
  maxLength: 6,
  unit: fc.constantFrom(...UNITS, '\ue000', '\ue001', '\uffff', '\u{10000}'),
});

describe('lib/store/embedded/text', () => {
  it('leaves ordinary texts as they are', () => {
    for (const plain of ['', 'abuse@example.org', 'recon-scanning', 'čeština', '日本', '\u{1f600}\n\t'])
      assert.equal(encodeText(plain), plain);
  });

  it('gives every text back, without NUL and lone surrogates in between', () => {
    fc.assert(
      fc.property(text, (original) => {
        const stored = encodeText(original);
        assert.equal(decodeText(stored), original);
        assert.ok(stored.isWellFormed() && !stored.includes('\u0000'));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('keeps the order of code points', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const stored = Buffer.compare(Buffer.from(encodeText(a)), Buffer.from(encodeText(b)));
        assert.equal(Math.sign(stored), Math.sign(compare(codePoints(a), codePoints(b))));
      }),
      { seed: 2, numRuns: 5000 },
    );
  });
});
