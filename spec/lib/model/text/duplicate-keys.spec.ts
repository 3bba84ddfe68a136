import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { duplicateKeyProblem } from '../../../../lib/model/text/duplicate-keys.ts';

describe('keysTwice', () => {
  const cases: [string, string | undefined][] = [
    ['{"a": 1, "b": {"a": 2}, "c": [{"a": 3}, {"a": 4}]}', undefined],
    ['{"a": 1}\n{"a": 2}\n', undefined],
    ['{"a": "{\\"a\\": 1, \\"a\\": 2}", "b": "a"}', undefined],
    ['{"a": ["a", "a"], "b": "a:"}', undefined],
    ['{"a": 1,\n  "a": 2}', '"a", line 2, column 3'],
    ['{"a": 1, "\\u0061" : 2}', '"a", line 1, column 10'],
    ['[{"__proto__": 1, "__proto__": 2}]', '"__proto__", line 1, column 19'],
    ['{"a": {"b": 1, "b": 2}, "c": 3, "a": 4}', '"b", line 1, column 16; "a", line 1, column 33'],
  ];
  for (const [text, named] of cases) {
    it(`of ${text}`, () =>
      assert.equal(
        duplicateKeyProblem(text, 'x')?.what,
        named === undefined ? undefined : `duplicate keys: ${named}`,
      ));
  }

  it('names the first few', () => {
    const text = `{${Array.from({ length: 100 }, () => '"a": 1').join()}}`;
    assert.match(
      duplicateKeyProblem(text, 'x')!.what,
      /^duplicate keys: ("a", line 1, column \d+; ){5}and more$/,
    );
  });
});
