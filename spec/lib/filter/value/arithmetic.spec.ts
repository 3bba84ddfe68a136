import { judges, refuses } from '../../../support/filter/tables.ts';

const E = {};
const D = {
  DetectTime: '2024-03-01T12:00:00Z',
  EventTime: '2024-03-01T09:30:00Z',
  Node: [{ AggrWin: '00:05:00' }],
};

judges('numbers', [
  ['9 / 4 == 2.25', E, 'true'],
  ['(1 - 5) % 3 == 2', E, 'true'],
  ['5 % (0 - 3) == 0 - 1', E, 'true'],
  ['7.5 % 2 == 1.5', E, 'true'],
  ['A + 1 == 2', { A: true }, 'true'],
  ['1 / 0', E, 'unknown'],
  ['1 % 0 == 0', E, 'unknown'],
  [`${'9'.repeat(300)} * ${'9'.repeat(300)} > 1`, E, 'unknown'],
]);

judges('decimal text counts as a number beside a number', [
  ['A + 1 == 23', { A: '22' }, 'true'],
  ['A * 2 == 3', { A: '1.5' }, 'true'],
  ['A + 1', { A: 'x' }, 'unknown'],
  ['A + A', { A: '22' }, 'unknown'],
  ['A + 1', { A: '' }, 'unknown'],
  ['A + 1', { A: {} }, 'unknown'],
]);

judges('lists: element by element, or one with each', [
  ['A + B is [11, 22]', { A: [1, 2], B: [10, 20] }, 'true'],
  ['A * 2 is [2, 4]', { A: [1, 2] }, 'true'],
  ['10 - A is [9, 8]', { A: [1, 2] }, 'true'],
  ['A + B', { A: [1, 2], B: [1, 2, 3] }, 'unknown'],
  ['A + 1', { A: [1, 'x'] }, 'unknown'],
  ['A + 1', { A: [] }, 'unknown'],
  ['[1, 2] + [3, 4] is [4, 6]', E, 'true'],
]);

judges('times and durations', [
  ['EventTime + 02:30:00 == DetectTime', D, 'true'],
  ['02:30:00 + EventTime == DetectTime', D, 'true'],
  ['9000 + EventTime == DetectTime', D, 'true'],
  ['DetectTime - 9000 == EventTime', D, 'true'],
  ['DetectTime - EventTime == 02:30:00', D, 'true'],
  ['EventTime - DetectTime < 00:00:00', D, 'true'],
  ['EventTime - DetectTime == 0 - 02:30:00', D, 'true'],
  ['Node.AggrWin + Node.AggrWin == 00:10:00', D, 'true'],
  ['Node.AggrWin - 60 == 00:04:00 and 360 - Node.AggrWin == 60', D, 'true'],
  ['01:00:00 / 00:05:00 == 12', D, 'true'],
  ['01:00:01 % 00:05:00 == 1', D, 'true'],
  ['Node.AggrWin * 2 == 00:10:00 and 2 * Node.AggrWin == 00:10:00', D, 'true'],
  ['Node.AggrWin / 2 == 150', D, 'true'],
  ['DetectTime < utcnow() - 7D00:00:00', D, 'true'],
  ['utcnow() - DetectTime > 8D11:59:59', D, 'true'],
]);

judges('offsets are honoured, fractions too (D10, D11)', [
  ['DetectTime == 2024-03-01T02:30:00-09:30', D, 'true'],
  ['DetectTime + 0.25 == 2024-03-01T12:00:00.25Z', D, 'true'],
  ['2024-03-01T12:00:00.1239999Z == 2024-03-01T12:00:00.123Z', D, 'true'],
]);

judges('anything else cannot be calculated', [
  ['DetectTime + EventTime', D, 'unknown'],
  ['DetectTime * 2', D, 'unknown'],
  ['5 - DetectTime', D, 'unknown'],
  ['01:00:00 - DetectTime', D, 'unknown'],
  ['5 / Node.AggrWin', D, 'unknown'],
  ['Node.AggrWin % 2', D, 'unknown'],
  ['Node.AggrWin * Node.AggrWin', D, 'unknown'],
  ['Node.AggrWin / 00:00:00', D, 'unknown'],
  ['192.0.2.1 + 1', D, 'unknown'],
  ['"a" + "b"', D, 'unknown'],
  ['not 1 / 0 == 1', D, 'unknown'],
]);

judges('size and strlen', [
  ['size(A) == 0', E, 'true'],
  ['size(A)', E, 'false'],
  ['size(A) == 1', { A: 'abc' }, 'true'],
  ['size("abc") == 1 and size(1) == 1', E, 'true'],
  ['size(A + 1) == 0', { A: 'x' }, 'true'],
  ['size(A == 1) == 0', E, 'true'],
  ['size([A, B]) == 3', { A: [1, 2], B: 'x' }, 'true'],
  ['strlen(A) == 5', { A: 'probe' }, 'true'],
  ['strlen(A) is [1, 2]', { A: ['a', 5, 'bc', {}] }, 'true'],
  ['strlen(A) == 2', { A: '\u{1F600}\u{1F600}' }, 'true'],
  ['strlen(A) == 3', { A: '\ud83da\ude00' }, 'true'],
  ['strlen("") == 0', E, 'true'],
  ['strlen("")', E, 'false'],
  ['strlen(A)', { A: '' }, 'true'],
  ['strlen(A)', { A: 5 }, 'unknown'],
  ['strlen(A)', E, 'unknown'],
  ['strlen([A, "abc"]) is [1, 3]', { A: 'x' }, 'true'],
]);

judges('the clock is the one that was handed in', [
  ['time() == 1710028800', E, 'true'],
  ['utcnow() == 2024-03-10T00:00:00Z', E, 'true'],
  ['utcnow() == time()', E, 'true'],
  ['time() - 1 < time()', E, 'true'],
]);

refuses('functions are checked when the filter is loaded (D18)', [
  ['avg(A) > 1', 1, /unknown function, got "avg" \(known: size, strlen, time, utcnow\)/],
  ['sizes(A) > 1', 1, /did you mean size\?/],
  ['Size(A) > 1', 1, /unknown function.*did you mean size\?/],
  ['1 == 1 or len(A) > 1', 11, /unknown function/],
  ['time(A) > 1', 6, /time\(\) takes no argument/],
  ['utcnow("x") > 1', 8, /utcnow\(\) takes no argument/],
  ['size() > 1', 1, /size\(\) needs an argument/],
  ['strlen() > 1', 1, /strlen\(\) needs an argument/],
]);
