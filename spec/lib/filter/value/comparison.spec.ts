import { judges } from '../../../support/filter/tables.ts';

const E = {};
const SMILE = '\u{1F600}';

judges('an empty side makes a comparison unknown', [
  ['A == 1', E, 'unknown'],
  ['1 in A', { A: [] }, 'unknown'],
  ['A is B', E, 'unknown'],
  ['A like B', { A: 'x' }, 'unknown'],
  ['A like "x"', E, 'unknown'],
  ['A < (B + 1)', { A: 1 }, 'unknown'],
]);

judges('some pair decides', [
  ['A == 2', { A: [1, 2] }, 'true'],
  ['A != 2', { A: [1, 2] }, 'true'],
  ['not A == 2', { A: [1, 2] }, 'false'],
  ['A == [2, 3]', { A: 3 }, 'true'],
  ['A != [2, 3]', { A: 2 }, 'true'],
  ['A != [2, 2]', { A: 2 }, 'false'],
  ['A > [5, 10]', { A: 6 }, 'true'],
  ['A > [5, 10]', { A: 5 }, 'false'],
  ['A == B', { A: [1, 2], B: [2, 3] }, 'true'],
]);

judges('is compares whole lists in order, addresses too (D4)', [
  ['Category is "X"', { Category: ['X'] }, 'true'],
  ['Category is "X"', { Category: ['X', 'Y'] }, 'false'],
  ['Category is ["X", "Y"]', { Category: ['X', 'Y'] }, 'true'],
  ['Category is ["Y", "X"]', { Category: ['X', 'Y'] }, 'false'],
  ['Source.IP4 is [192.0.2.1, "192.0.2.0/24"]', { Source: { IP4: ['192.0.2.1', '192.0.2.0/24'] } }, 'true'],
  ['A is A', { A: [1, 1] }, 'true'],
]);

judges('equality', [
  ['A == 2.0', { A: 2 }, 'true'],
  ['A == 1', { A: true }, 'true'],
  ['A == 0', { A: false }, 'true'],
  ['A == "true"', { A: true }, 'false'],
  ['A == "a"', { A: 'A' }, 'false'],
  ['A == "\u00e9"', { A: 'e\u0301' }, 'false'],
  ['A == "1"', { A: 1 }, 'false'],
  ['A == A', { A: {} }, 'false'],
  ['A == A', { A: NaN }, 'false'],
  ['A != A', { A: NaN }, 'true'],
  ['192.0.2.0/24 == 192.0.2.0-192.0.2.255', E, 'true'],
  ['192.0.2.1/32 == 192.0.2.1', E, 'true'],
  ['192.0.2.0/24 == 192.0.2.1', E, 'false'],
  ['2001:db8::/127 == 2001:db8::..2001:db8::1', E, 'true'],
  ['DetectTime == CreateTime', { DetectTime: '2024-03-01T00:00:00Z', CreateTime: 1709251200 }, 'true'],
]);

judges('order: by value, text by code point', [
  ['A < "b"', { A: 'a' }, 'true'],
  ['A < "a"', { A: 'B' }, 'true'],
  ['A > "a"', { A: 'ab' }, 'true'],
  [`A > "\uffee"`, { A: SMILE }, 'true'],
  [`A < "${SMILE}"`, { A: '\uffee' }, 'true'],
  ['A >= 2 and A <= 2', { A: 2 }, 'true'],
  ['DetectTime >= 2024-03-01T00:00:00Z', { DetectTime: '2024-03-01T00:00:00Z' }, 'true'],
  ['Node.AggrWin < 00:10:00', { Node: { AggrWin: '00:05:00' } }, 'true'],
  ['Node.AggrWin < 600 and 200 < Node.AggrWin', { Node: { AggrWin: '00:05:00' } }, 'true'],
]);

judges('any other pair has no order, and stops nothing (D13)', [
  ['A > 1', { A: ['x', {}, [2], 5] }, 'true'],
  ['A > 1', { A: ['x', {}, [2]] }, 'false'],
  ['A <= 1', { A: 'x' }, 'false'],
  ['A > "a"', { A: 5 }, 'false'],
  ['Source.IP4 >= 192.0.2.1', { Source: { IP4: '192.0.2.1' } }, 'false'],
  ['Source.IP4 < 192.0.2.9', { Source: { IP4: '192.0.2.1' } }, 'false'],
  ['DetectTime > Node.AggrWin', { DetectTime: 5, Node: { AggrWin: 3 } }, 'false'],
]);

const ip4 = (text: string) => ({ Source: [{ IP4: [text] }], Target: [{ IP4: ['10.0.0.0/8'] }] });

judges('in: entirely inside, on a list, a constant or a field alike (D3)', [
  ...['[10.0.0.0/8]', '10.0.0.0/8', '("10.0.0.0/8")', 'Target.IP4', '[Target.IP4]'].flatMap(
    (right) =>
      [
        [`Source.IP4 in ${right}`, ip4('10.1.2.3'), 'true'],
        [`Source.IP4 in ${right}`, ip4('10.1.2.0/24'), 'true'],
        [`Source.IP4 in ${right}`, ip4('10.0.0.0/7'), 'false'],
      ] as const,
  ),
  ['Source.IP4 in 10.1.2.0/24', ip4('10.1.2.3-10.1.2.9'), 'true'],
  ['Source.IP4 in 10.1.2.0/24', ip4('10.1.2.250-10.1.3.5'), 'false'],
  ['Source.IP4 in 10.1.2.7', ip4('10.1.2.0/24'), 'false'],
  ['10.1.2.3 in Target.IP4', ip4('10.1.2.3'), 'true'],
  ['10.0.0.0/7 in Target.IP4', ip4('10.1.2.3'), 'false'],
  ['Source.IP4 in [10.0.0.0-10.0.0.99, 10.0.0.100-10.0.0.255]', ip4('10.0.0.90-10.0.0.110'), 'false'],
  ['Source.IP6 in 2001:db8::/32', { Source: { IP6: '2001:db8:ffff::/48' } }, 'true'],
]);

judges('families never mix (D16)', [
  ['Source.IP6 in Target.IP4', { Source: { IP6: '::a01:203' }, Target: { IP4: '10.0.0.0/8' } }, 'false'],
  ['Source.IP6 == Target.IP4', { Source: { IP6: '::a01:203' }, Target: { IP4: '10.1.2.3' } }, 'false'],
  ['Source.IP4 in Target.IP6', { Source: { IP4: '10.1.2.3' }, Target: { IP6: '::/0' } }, 'false'],
]);

judges('in is equality for anything but addresses, never substring search', [
  ['A in "abc"', { A: 'b' }, 'false'],
  ['A in ["b", "c"]', { A: 'b' }, 'true'],
  ['A in 5', { A: 5 }, 'true'],
  ['"b" in A', { A: ['a', 'b'] }, 'true'],
]);

judges('a field in a list stands for its values (D17)', [
  ['5 in [A, B]', { A: 1, B: [4, 5] }, 'true'],
  ['"A" in [A]', { A: 'x' }, 'false'],
  ['Source.IP4 in [Target.IP4, 192.0.2.1]', ip4('10.9.9.9'), 'true'],
  ['[A, 1] is [B, B]', { A: 1, B: 1 }, 'true'],
  ['[A] == 1', E, 'unknown'],
]);
