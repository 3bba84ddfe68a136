import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compileFilter, formatWarning, parseFilter, printFilter } from '../../../../lib/filter/index.ts';
import { judges, refuses } from '../../../support/filter/tables.ts';

const E = {};

/** Each expression and one that is known to mean the same, as the printer writes it. */
function reads(rule: string, pairs: readonly (readonly [expression: string, printed: string])[]): void {
  describe(rule, () => {
    for (const [expression, printed] of pairs)
      it(`${expression} is ${printed}`, () => assert.equal(printFilter(parseFilter(expression)), printed));
  });
}

reads('precedence, and grouping from the right', [
  ['a and b || c', 'a and (b or c)'],
  ['a or b && c', 'a or b and c'],
  ['a || b && c', 'a or b and c'],
  ['a && b || c', 'a and b or c'],
  ['a || b and c', '(a or b) and c'],
  ['a or b xor c and d', 'a or b xor c and d'],
  ['a || b ^^ c && d', 'a or b xor c and d'],
  ['a ^^ b or c', 'a xor b or c'],
  ['a xor b ^^ c', 'a xor b xor c'],
  ['a ^^ b xor c', '(a xor b) xor c'],
  ['(a or b) or c', '(a or b) or c'],
  ['a or (b or c)', 'a or b or c'],
  ['a xor (b xor c)', 'a xor b xor c'],
]);

reads('not and exists', [
  ['not a == b', 'not a == b'],
  ['not (a == b)', 'not a == b'],
  ['(not a) == b', '(not a) == b'],
  ['not a and b', 'not a and b'],
  ['not (a and b)', 'not (a and b)'],
  ['exists a == b', 'exists a == b'],
  ['(exists a) == b', '(exists a) == b'],
  ['! ? x', 'not exists x'],
  ['not (not x)', 'not (not x)'],
  ['exists (not x)', 'exists (not x)'],
]);

refuses('at most one not, at most one exists, not after it, none as an operand', [
  ['not not x', 5, /not \(not x\)/],
  ['exists not x', 8, /write exists \(not x\)/],
  ['exists exists x', 8, /write exists \(exists x\)/],
  ['x == not y', 6, /write \(not x\)/],
  ['x + exists y', 5, /write \(exists x\)/],
]);

reads('arithmetic is the usual one (D21)', [
  ['9 - 4 - 3', '9 - 4 - 3'],
  ['9 - (4 - 3)', '9 - (4 - 3)'],
  ['(9 - 4) - 3', '9 - 4 - 3'],
  ['2 * 3 + 1', '2 * 3 + 1'],
  ['2 * (3 + 1)', '2 * (3 + 1)'],
  ['8 / 4 / 2 % 3', '8 / 4 / 2 % 3'],
]);

judges('arithmetic is the usual one (D21)', [
  ['9 - 4 - 3 == 2', E, 'true'],
  ['2 * 3 + 1 == 7', E, 'true'],
  ['2 + 3 * 4 == 14', E, 'true'],
  ['24 / 4 / 2 == 3', E, 'true'],
  ['17 % 10 % 4 == 3', E, 'true'],
]);

describe('a calculation that the older reader groups otherwise is warned about (D21)', () => {
  const warnings = (expression: string) => compileFilter(expression).warnings.map(formatWarning);
  const silent = [
    '9 - 4 == 5',
    '1 + 2 * 3 == 7',
    '9 - (4 - 3) == 8',
    '(9 - 4) - 3 == 2',
    '8 * (2 + 1) == 24',
  ];
  for (const expression of silent) it(`${expression}: no`, () => assert.deepEqual(warnings(expression), []));
  const warned: [string, string][] = [
    ['20 - 8 - 2 == 10', 'column 1: read as (20 - 8) - 2'],
    ['3 * 2 + 5 == 11', 'column 1: read as (3 * 2) + 5'],
    ['1 == 2 + 3 * 4 - 5', 'column 6: read as (2 + (3 * 4)) - 5'],
    ['1 + 2 * 3 * 4 == 25', 'column 1: read as 1 + ((2 * 3) * 4)'],
  ];
  for (const [expression, message] of warned)
    it(`${expression}: ${message}`, () => {
      const [first, ...others] = warnings(expression);
      assert.equal(first, `${message}; the older reader groups from the right: write the parentheses`);
      assert.deepEqual(others, []);
    });
});

judges('comparisons chain from the right, the inner truth counts as 1 or 0', [
  ['1 == 2 == 3', E, 'false'],
  ['0 == 2 == 3', E, 'true'],
  ['1 == 3 == 3', E, 'true'],
  ['1 == A == 3', E, 'unknown'],
]);

describe('a chained comparison is warned about', () => {
  it('once', () => {
    const [first, ...others] = compileFilter('1 == 2 == 3 == 3').warnings;
    assert.match(formatWarning(first!), /^column 8: comparisons chain from the right: 2 == 3 == 3$/);
    assert.deepEqual(others, []);
  });
  it('not when it stands in parentheses', () => {
    assert.deepEqual(compileFilter('1 == (2 == 3)').warnings, []);
    assert.deepEqual(compileFilter('(1 == 2) == 3').warnings, []);
  });
});

judges('lists', [
  ['[1, 2] == A', { A: 2 }, 'true'],
  ['size([A, B, 7]) == 4', { A: [1, 2], B: 3 }, 'true'],
  ['x in (1)', { x: 1 }, 'true'],
]);

refuses('lists hold values and fields, one at least, and end without a separator', [
  ['Category in ["Test", ]', 22, /no separator at the end/],
  ['Category in []', 14, /no empty list/],
  ['x in [1, [2]]', 10, /lists do not nest/],
  ['x in [size(y)]', 7, /hold no calculation/],
  ['x in [1 + 2]', 9, /expected a separator or \]/],
  ['x in [(1)]', 7, /expected a value or a field/],
  ['x in [1 2]', 9, /expected a separator or \]/],
  ['x in [1, 2', 11, /filter ends too early, expected a separator or \]/],
  ['x in (1, 2)', 8, /a list is written \[a, b\]/],
]);

refuses('calls take one expression or nothing', [
  ['size(A, B) > 1', 7, /several values go in as a list: size\(\[A, B\]\)/],
  ['size (A) > 1', 6, /no blank between size and \(/],
  ['ab(A) > 1', 3, /expected an operator or the end/],
  ['size(A > 1', 11, /ends too early, expected an operator or \)/],
]);

refuses('what is left over or missing', [
  ['A B', 3, /got "B", expected an operator or the end/],
  ['A ==', 5, /ends too early, expected a value/],
  ['(A', 3, /ends too early, expected an operator or \)/],
  ['A)', 2, /got "\)"/],
  ['A == and', 6, /and is a keyword; text is written in quotes/],
  ['A lik "b"', 3, /did you mean like\?/],
  [', A', 1, /expected a value/],
]);
