import { describe } from 'mocha';
import { judges, type Case, type Outcome } from '../../../support/filter/tables.ts';

const E = {};

judges('the truth of a value', [
  ['A == 1', E, 'unknown'],
  ['A', { A: 0 }, 'true'],
  ['A', { A: false }, 'true'],
  ['A', { A: '' }, 'true'],
  ['A', { A: [] }, 'false'],
  ['A', E, 'false'],
  ['[0]', E, 'true'],
  ['[A]', E, 'false'],
  ['[A, 0]', E, 'true'],
  ['0', E, 'false'],
  ['0.0', E, 'false'],
  ['7', E, 'true'],
  ['""', E, 'false'],
  ['" "', E, 'true'],
  ['00:00:00', E, 'false'],
  ['00:00:01', E, 'true'],
  ['1970-01-01T00:00:00Z', E, 'true'],
  ['0.0.0.0', E, 'true'],
  ['::', E, 'true'],
  ['A * 1', { A: 0 }, 'false'],
  ['A * 1', { A: [0, 0] }, 'true'],
  ['A - A', { A: 5 }, 'false'],
  ['DetectTime - DetectTime', { DetectTime: 5 }, 'false'],
  ['A + 1', E, 'unknown'],
]);

judges('exists is the truth of its operand', [
  ['exists A', { A: 0 }, 'true'],
  ['exists A', { A: [] }, 'false'],
  ['exists A', { A: {} }, 'true'],
  ['exists A', E, 'false'],
  ['exists A == 1', { A: 2 }, 'false'],
  ['exists A == 1', E, 'unknown'],
  ['exists 0', E, 'false'],
]);

judges('not keeps unknown, but a missing field is false', [
  ['not A == 1', { A: 2 }, 'true'],
  ['not A == 1', { A: 1 }, 'false'],
  ['not A == 1', E, 'unknown'],
  ['not A', E, 'true'],
  ['not A', { A: 0 }, 'false'],
  ['not exists A or not A == "x"', E, 'true'],
  ['not exists A or not A == "x"', { A: 'x' }, 'false'],
]);

describe('and, or, xor have three values in either spelling and either order (D15)', () => {
  // U is missing, T and F are comparisons that are true and false.
  const operand = { T: '1 == 1', F: '1 == 2', U: 'U == 1' };
  const outcome: Record<keyof typeof operand, Outcome> = { T: 'true', F: 'false', U: 'unknown' };
  const tables: [string, string, Record<string, keyof typeof operand>][] = [
    ['and', '&&', { TT: 'T', TF: 'F', FT: 'F', FF: 'F', TU: 'U', UT: 'U', FU: 'F', UF: 'F', UU: 'U' }],
    ['or', '||', { TT: 'T', TF: 'T', FT: 'T', FF: 'F', TU: 'T', UT: 'T', FU: 'U', UF: 'U', UU: 'U' }],
    ['xor', '^^', { TT: 'F', TF: 'T', FT: 'T', FF: 'F', TU: 'T', UT: 'T', FU: 'U', UF: 'U', UU: 'U' }],
  ];
  for (const [word, symbol, table] of tables) {
    const cases = Object.entries(table).flatMap(([pair, result]) => {
      const [left, right] = [pair[0], pair[1]].map((key) => operand[key as keyof typeof operand]);
      return [word, symbol].map((o): Case => [`${left!} ${o} ${right!}`, E, outcome[result]]);
    });
    judges(word, cases);
  }
  judges('under not, the order of the operands does not matter', [
    ['not (F == 1 or C == 3)', { C: 4 }, 'unknown'],
    ['not (C == 3 or F == 1)', { C: 4 }, 'unknown'],
    ['not (ConnCount > 10 and ByteCount > 1000)', { ConnCount: 3 }, 'true'],
    ['not (ByteCount > 1000 and ConnCount > 10)', { ConnCount: 3 }, 'true'],
  ]);
  judges('xor groups from the right', [
    ['1 == 1 xor 1 == 1 xor 1 == 1', E, 'true'],
    ['(1 == 1 xor 1 == 1) xor 1 == 1', E, 'true'],
    ['U == 1 xor 1 == 1 xor 1 == 1', E, 'unknown'],
    ['(U == 1 xor 1 == 1) xor 1 == 1', E, 'false'],
  ]);
});

judges('and, or hand on an operand', [
  ['(FlowCount or ConnCount) > 100', { ConnCount: 200 }, 'true'],
  ['(FlowCount or ConnCount) > 100', { FlowCount: 200, ConnCount: 5 }, 'true'],
  ['(FlowCount or ConnCount) > 100', { FlowCount: 5, ConnCount: 200 }, 'false'],
  ['(FlowCount or ConnCount) > 100', E, 'unknown'],
  ['(A and B) == 2', { A: 1, B: 2 }, 'true'],
  ['(A and B) == 2', { B: 2 }, 'unknown'],
  ['(0 and 5) == 0', E, 'true'],
  ['(0 or 5) == 5', E, 'true'],
  ['(0 or "") == ""', E, 'true'],
  ['(1 == 1 and 7) == 7', E, 'true'],
  ['(X == 1 or 7) == 7', E, 'true'],
  ['(X == 1 and 7) == 7', E, 'unknown'],
  ['(X == 1 and 0) == 0', E, 'true'],
  ['(A or B or C) is [3, 4]', { C: [3, 4] }, 'true'],
  ['(Note or Description) like "^b"', { Description: 'b' }, 'true'],
]);

judges('not and xor hand on plain truth', [
  ['(not A) == 1', E, 'true'],
  ['(1 == 1 xor A) == 1', E, 'true'],
  ['(1 == 1 xor 1 == 1) == 0', E, 'true'],
]);
