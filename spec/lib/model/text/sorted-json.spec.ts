import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { sortedJson, sortedJsonPieces } from '../../../../lib/model/text/sorted-json.ts';

describe('sorted JSON in pieces', () => {
  const value = {
    b: { 'x\ny': [1, { d: 2, c: 'a\n"é' }], w: {}, v: { '10': 1, '9': null } },
    a: undefined,
    '': { only: undefined },
    é: [],
    z: 'text',
  };

  for (const levels of [0, 1, 2, 3, 9])
    it(`is the same text, whatever is taken apart: ${levels} levels`, () =>
      assert.equal([...sortedJsonPieces(value, levels)].join(''), sortedJson(value)));

  it('is the same for what is no object', () => {
    for (const one of [[1], 'a', null, {}])
      assert.equal([...sortedJsonPieces(one, 3)].join(''), sortedJson(one));
  });

  it('has no piece that grows with the number of members', () => {
    const big = { all: Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`g${i}`, { low: i }])) };
    assert.ok([...sortedJsonPieces(big, 2)].every((piece) => piece.length < 60));
  });
});
