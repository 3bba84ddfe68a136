import { judges, refuses } from '../../../support/filter/tables.ts';

const a = (A: unknown) => ({ A });
const like = (pattern: string) => `A like "${pattern}"`;

judges('like searches, case sensitive, in every value', [
  [like('b'), a('abc'), 'true'],
  [like('^b'), a('abc'), 'false'],
  [like('B'), a('abc'), 'false'],
  [like('c'), a(['ab', 'bc']), 'true'],
  ['A like ["x", "b"]', a('abc'), 'true'],
  ['A like ["x", "y"]', a('abc'), 'false'],
  [like(''), a(''), 'true'],
  ['"abc" like "b"', {}, 'true'],
]);

judges('the left side is taken as it is written, numbers in decimal (D13)', [
  ['ConnCount like "^22$"', { ConnCount: 22 }, 'true'],
  ['ConnCount like "^022$"', { ConnCount: '022' }, 'true'],
  [like('^0.5$'), a(0.5), 'true'],
  [like('^10{21}$'), a(1e21), 'true'],
  [like(String.raw`^-0\.0{6}15$`), a(-1.5e-7), 'true'],
  [like('^9007199254740993$'), a(9007199254740993n), 'true'],
  ['Source.IP6 like "DB8"', { Source: { IP6: '2001:DB8::1' } }, 'true'],
  ['DetectTime like "01:00$"', { DetectTime: '2024-03-01T00:00:00+01:00' }, 'true'],
  ['DetectTime like "^2024-03-01T00:00:00Z$"', { DetectTime: new Date('2024-03-01T00:00:00Z') }, 'true'],
  [like('t'), a(true), 'false'],
  [like('.'), a([{}, [], false]), 'false'],
  [like('.'), a(new Date(NaN)), 'false'],
  ['A + 1 like "^6$"', a(5), 'true'],
  ['192.0.2.0/24 like "/24$"', {}, 'true'],
]);

judges('a pattern out of the event counts when it is a valid one', [
  ['A like B', { A: 'abc', B: '^a' }, 'true'],
  ['A like B', { A: 'abc', B: ['[', '(?=a)', 5, {}] }, 'false'],
  ['A like B', { A: 'abc', B: ['[', 'b'] }, 'true'],
  ['A like ["x", B]', { A: 'abc', B: 'c' }, 'true'],
  ['A like ["b", B]', { A: 'abc' }, 'true'],
]);

judges('dialect: what is the same', [
  [like('[a-c]+d{2,3}?(e|f)'), a('abcdde'), 'true'],
  [like(String.raw`^\d+\s\w+\b`), a('12 ab'), 'true'],
  [like(String.raw`\Aab\Z`), a('ab'), 'true'],
  [like(String.raw`ab\Z`), a('ab\n'), 'false'],
  [like('(?i)ABC'), a('xabc'), 'true'],
  [like('(?i:A)b'), a('ab'), 'true'],
  [like('(?i:A)B'), a('ab'), 'false'],
  [like('(?P<first>a)b'), a('ab'), 'true'],
  [like('a.c'), a('a\nc'), 'false'],
  [like('(?s)a.c'), a('a\nc'), 'true'],
  [like('^b'), a('a\nb'), 'false'],
  [like('(?m)^b'), a('a\nb'), 'true'],
  [like('(?im)^B$'), a('a\nb\nc'), 'true'],
]);

judges('dialect: $ also matches before one final line feed', [
  [like('b$'), a('ab'), 'true'],
  [like('b$'), a('ab\n'), 'true'],
  [like('b$'), a('ab\n\n'), 'false'],
  [like('b$'), a('ab\nc'), 'false'],
  [like('(b$|x)'), a('ab\n'), 'true'],
  [like('^(a$|(?:b|c)d)'), a('a\n'), 'true'],
  [like('(?:b|$)$'), a('a\n'), 'true'],
  [like('^$|^x'), a('\n'), 'true'],
  [like('[$]'), a('a$b'), 'true'],
  [like(String.raw`\$b`), a('a$b'), 'true'],
  [like('(?m)b$'), a('b\nc'), 'true'],
  [like('(?m:b$)\nc'), a('b\nc'), 'true'],
]);

judges('dialect: what is translated', [
  [like('^a{,2}$'), a('aa'), 'true'],
  [like('^a{,2}$'), a('a{,2}'), 'false'],
  [like('a(?#why)b'), a('ab'), 'true'],
  [like(String.raw`^\u0041\x42\101\0$`), a('ABA\0'), 'true'],
  [like(String.raw`[\b]`), a('\b'), 'true'],
  [like('^[[]$'), a('['), 'true'],
  [like('^[[:alpha:]]$'), a('x'), 'false'],
  [like('^[]a]+$'), a(']a'), 'true'],
  [like('a{x}'), a('a{x}'), 'true'],
  [like('(?u)a'), a('a'), 'true'],
]);

judges('dialect: shorthands know all of Unicode', [
  [like(String.raw`^\w+$`), a('\u017elu\u0165ou\u010dk\u00fd_1'), 'true'],
  [like(String.raw`^\W$`), a('\u017e'), 'false'],
  [like(String.raw`^[\w-]+$`), a('\u017e-a'), 'true'],
  [like(String.raw`^[\W_]+$`), a('-_\u2013'), 'true'],
  [like(String.raw`^[\W_]+$`), a('\u017e'), 'false'],
  [like(String.raw`^\d$`), a('\u0665'), 'true'],
  [like(String.raw`^[\D]$`), a('\u0665'), 'false'],
  [like(String.raw`^\s$`), a('\u00a0'), 'true'],
  [like(String.raw`^\s$`), a('\ufeff'), 'false'],
  [like(String.raw`^[^\S\n]$`), a('\x1f'), 'true'],
  [like(String.raw`^[\s\S]{3}$`), a('a\n\u2028'), 'true'],
]);

judges('odd text', [
  [like('^.$'), a('\u{1F600}'), 'true'],
  [like('^a.b$'), a('a\ud83db'), 'true'],
  [like('b'), a('\ud83d\ud83db'), 'true'],
]);

refuses('patterns that cannot be run in linear time (D22)', [
  [like('x(?=a)'), 10, /invalid pattern: patterns have no look-around.*linear time/],
  [like('(?!a)'), 9, /no look-around/],
  [like('(?<=a)b'), 9, /no look-around/],
  [like('b(?<!a)'), 10, /no look-around/],
  [like(String.raw`(a)\1`), 12, /no back references/],
  [like(String.raw`(a)[\1]`), 13, /no back references/],
  [like('(?P<n>a)(?P=n)'), 17, /no back references/],
  [like('a{3}{3}'), 10, /nested repetition/],
  [like('(?:(?:a{100}){100}){100}'), 28, /repeats too much/],
  [like('a{30000}'), 10, /repeats too much/],
]);

refuses('patterns that are none', [
  [like('a(b'), 9, /missing closing \)/],
  [like('ab)'), 11, /parenthesis was never opened/],
  [like('a[b'), 10, /class is not closed/],
  [like('*a'), 9, /missing argument/],
  [like('a**'), 10, /nested repetition/],
  [like('a*+'), 10, /nested repetition/],
  [like('[b-a]'), 10, /range/],
  [like(String.raw`a\q`), 10, /unknown escape \\q/],
  [`A like "a\\"`, 10, /ends with a backslash/],
  [like('(?x)a'), 9, /flag x is not known/],
  [like('a(?i)b'), 10, /flags stand at the beginning/],
  [like('(?>a)'), 9, /unknown group/],
  [like('(?(1)a|b)'), 9, /unknown group/],
  [like('a$b'), 10, /something follows \$/],
  [like('(a$|(?:b|c)d)e'), 11, /something follows \$/],
  [like('(a$)*'), 11, /something follows \$/],
  [like(String.raw`\U00110000`), 9, /no such character/],
  ['A like ["a", "("]', 15, /missing closing/],
  ['A like 5', 8, /not a pattern, got "5", expected text in quotes/],
  ['A like ["a", 192.0.2.1]', 14, /not a pattern/],
]);
