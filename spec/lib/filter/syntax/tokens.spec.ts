import { judges, refuses } from '../../../support/filter/tables.ts';

const E = {};

judges('white space separates tokens and is otherwise ignored', [
  ['\t1\n==\r\n1 ', E, 'true'],
  ['1==1and 2==2', E, 'true'],
  ['1==1\rand\r2==2', E, 'true'],
]);

judges('keywords are all lower or all upper case', [
  ['1 == 2 OR 2 == 2', E, 'true'],
  ['1 == 1 XOR 2 == 2', E, 'false'],
  ['NOT 1 == 2 AND EXISTS A', { A: 1 }, 'true'],
  ['A LIKE "b" and A IN ["abc"] and A IS "abc"', { A: 'abc' }, 'true'],
  ['1 EQ 1 and 1 NE 2 and 2 GT 1 and 2 GE 2 and 1 LT 2 and 1 LE 1', E, 'true'],
  ['1 eq 1 and 1 ne 2 and 2 gt 1 and 2 ge 2 and 1 lt 2 and 1 le 1', E, 'true'],
]);

refuses('other spellings of keywords are names', [
  ['1 == 1 And 2 == 2', 8, /expected an operator or the end.*all lower or all upper case: and/],
  ['Category In ["Test"]', 10, /all lower or all upper case: in/],
  ['Not A', 5, /expected an operator/],
]);

judges('symbols: the longest wins', [
  ['2 >= 2 and 2 <= 2 and 2 != 3 and 2 <> 3', E, 'true'],
  ['A =~ "b" && A ~~ ["abc"]', { A: 'abc' }, 'true'],
  ['!A', E, 'true'],
  ['?A', { A: 0 }, 'true'],
  ['! ? A', E, 'true'],
  ['1 == 2 || 1 == 1', E, 'true'],
  ['1 == 1 ^^ 1 == 1', E, 'false'],
  ['A in [1;2,3]', { A: 3 }, 'true'],
]);

refuses('characters that belong to no token are refused (D6)', [
  ['A = 4', 3, /illegal character, got "=".*equality is written ==/],
  ['A === 4', 5, /equality is written ==/],
  ['A $ == 4', 3, /illegal character, got "\$"/],
  ['A & B', 3, /write && or and/],
  ['A | B', 3, /write \|\| or or/],
  ['A ^ B', 3, /write \^\^ or xor/],
  ['A ~ "b"', 3, /=~ or like/],
  ['A == 1 # why', 8, /no comments/],
  ['A == “b”', 6, /quotes are written/],
  ['A == .5', 6, /digits on both sides/],
  ['A == 5.', 7, /digits on both sides/],
  ['A == "b', 6, /quote is not closed, expected a second "/],
  ['A == \'b"', 6, /quote is not closed, expected a second '/],
  ['A == \u00e9', 6, /illegal character/],
  ['A == \ud83d', 6, /illegal character/],
]);

judges('words are whole words (D8)', [
  ['origin == 1', { origin: 1 }, 'true'],
  ['notary == 1 and ISP == 2 and INfo == 3 and ORG == 4', { notary: 1, ISP: 2, INfo: 3, ORG: 4 }, 'true'],
  ['Foo.in == 1 and Foo.OR == 2', { Foo: { in: 1, OR: 2 } }, 'true'],
  ['exists(A) and not(B) and A in[1]', { A: 1 }, 'true'],
  ['_x1 == 1', { _x1: 1 }, 'true'],
  ['add == 1', { add: 1 }, 'true'],
]);

judges('a hyphen is a minus (D7)', [
  ['A-1 == 4', { A: 5 }, 'true'],
  ['A-1 == 4', { 'A-1': 4 }, 'unknown'],
]);

judges('quoted text is taken as it is (D7)', [
  [`A == "don't"`, { A: "don't" }, 'true'],
  [`A == 'say "b"'`, { A: 'say "b"' }, 'true'],
  ['A == ""', { A: '' }, 'true'],
  ['A == ""', { A: ' ' }, 'false'],
  ['A == "a\nb"', { A: 'a\nb' }, 'true'],
  ['A == "a\\nb"', { A: 'a\\nb' }, 'true'],
]);

judges('literals: the longest match wins (D9)', [
  ['DetectTime == 2024-02-10T01:00:00+01:00', { DetectTime: '2024-02-10T00:00:00Z' }, 'true'],
  ['DetectTime == 2024-02-10t00:00:00.5z', { DetectTime: '2024-02-10T00:00:00.500Z' }, 'true'],
  ['00:01:00 == 60 and 1D00:00:00 == 86400 and 2d01:00:00 == 176400', E, 'true'],
  ['99:59:59 == 359999', E, 'true'],
  ['Source.IP6 == 01:02:03:04::', { Source: [{ IP6: ['1:2:3:4::'] }] }, 'true'],
  ['Source.IP6 == fe80::1', { Source: [{ IP6: ['fe80::1'] }] }, 'true'],
  ['Source.IP6 == ::', { Source: [{ IP6: ['::'] }] }, 'true'],
  ['007 == 7 and 2.50 == 2.5', E, 'true'],
  ['Source.IP4 == 10.0.0.7/29', { Source: [{ IP4: ['10.0.0.0-10.0.0.7'] }] }, 'true'],
  ['Source.IP4 == 10.0.0.9-10.0.0.1', { Source: [{ IP4: ['10.0.0.1-10.0.0.9'] }] }, 'true'],
]);

judges('both signs of a range mean the same, everywhere (D2)', [
  ['Source.IP4 in 10.0.0.1..10.0.0.9', { Source: [{ IP4: ['10.0.0.5'] }] }, 'true'],
  ['10.0.0.1..10.0.0.9 == 10.0.0.1-10.0.0.9', E, 'true'],
  ['Source.IP6 in 2001:db8::1..2001:db8::9', { Source: [{ IP6: ['2001:db8::5'] }] }, 'true'],
  ['2001:db8::/32 == Source.IP6', { Source: [{ IP6: ['2001:db8::/32'] }] }, 'true'],
]);

refuses('literals that cannot be', [
  ['DetectTime > 2024-02-30T00:00:00Z', 14, /time does not exist/],
  ['DetectTime > 2024-02-10T24:00:00Z', 14, /hour 0 to 23/],
  ['DetectTime > 2024-02-10T00:00:60Z', 14, /time does not exist/],
  ['DetectTime > 2024-02-10T00:00:00', 14, /time without a zone, expected Z or an offset/],
  ['DetectTime - EventTime > 1:00:00', 26, /not an IPv6 address.*two digits each/],
  ['DetectTime - EventTime > 00:60:00', 26, /duration does not exist, .*00 to 59/],
  [
    'Source.IP4 == 192.0.2.300',
    15,
    /not an IPv4 address, got "192.0.2.300" \(each of the four parts is 0 to 255/,
  ],
  ['Source.IP4 == 192.0.2.01', 15, /no leading zeros/],
  ['Source.IP4 == 192.0.2.0/33', 15, /a prefix is 0 to 32/],
  ['Source.IP6 == 2001:db8::/129', 15, /a prefix is 0 to 128/],
  ['Source.IP6 == 1::2::3', 15, /not an IPv6 address.*:: at most once/],
  ['Source.IP6 == ::ffff:192.0.2.1', 25, /digits on both sides|expected an operator/],
  [`A == ${'9'.repeat(400)}`, 6, /number is too large/],
  ['A == 1e5', 7, /expected an operator/],
]);

refuses('there are no negative literals', [
  ['ByteCount < -5', 13, /no negative literals: write 0 - 5/],
  ['-5 == A', 1, /no negative literals/],
]);
