import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { jsonProblemOffset, lineAndColumn } from '../../../../lib/model/text/json-error.ts';

describe('jsonProblemOffset', () => {
  // A text, and the character at which it stops being JSON.
  const cases: [string, number | undefined][] = [
    ['{"a": 1}', undefined],
    ['{"a": x}', 6],
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ['{"a": 1', 7],
    ['{"a": "b', 8],
    ['{"a": 01}', 7],
    ['[1, 2,, 3]', 6],
    ['', 0],
    ['nul', 3],
    ['{} x', 3],
    ["{'a': 1}", 1],
    ['{"a": "\t"}', 7],
  ];
  for (const [text, offset] of cases) {
    it(`of ${JSON.stringify(text)}`, () => assert.equal(jsonProblemOffset(text), offset));
  }

  it('finds its way in a long text', () => {
    const text = `[${'{"key": "value"},\n'.repeat(5_000)}{"key": oops}]`;
    assert.equal(lineAndColumn(text, jsonProblemOffset(text)), ', line 5001, column 9');
  });
});
