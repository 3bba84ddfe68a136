import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  basicExpression,
  compileFilter,
  formatWarning,
  parseFilter,
  printFilter,
} from '../../../../lib/filter/index.ts';
import { UserError } from '../../../../lib/model/user-error.ts';
import { judge, refusalOf, refuses } from '../../../support/filter/tables.ts';

refuses('a blank filter is refused (D20)', [
  ['', 1, /filter is empty/],
  [' \n\t', 1, /filter is empty/],
]);

describe('errors', () => {
  it('are user errors of one line', () => {
    const error = refusalOf('Category = "Test"');
    assert.ok(error instanceof UserError);
    assert.equal(error.message, 'column 10: illegal character, got "=" (equality is written ==)');
  });

  it('show the place', () => {
    assert.equal(
      refusalOf('Category = "Test"').render(),
      'column 10: illegal character, got "=" (equality is written ==)\n  Category = "Test"\n           ^',
    );
  });

  it('count lines, and show the right one', () => {
    const error = refusalOf('Category == "Test"\r\nand Note = 1\nor A');
    assert.deepEqual([error.line, error.column], [2, 10]);
    assert.match(error.message, /^line 2, column 10: illegal/);
    assert.match(error.render(), /\n {2}and Note = 1\n {11}\^$/);
  });

  it('point at the end when something is missing', () => {
    assert.match(refusalOf('A ==').render(), /\n {2}A ==\n {6}\^$/);
  });

  it('show a part of a long line', () => {
    const lines = refusalOf(`${'A == 1 or '.repeat(100)}A = 1${' or A == 1'.repeat(100)}`)
      .render()
      .split('\n');
    assert.match(lines[1]!, /^ {2}….{60}= 1 or .*…$/);
    assert.equal(lines[1]![lines[2]!.indexOf('^')], '=');
  });

  it('show control characters, and point past them', () => {
    const [message, line, caret] = refusalOf('"\u0007\u202e" = 1').render().split('\n');
    assert.match(message!, /^column 6: illegal/);
    assert.equal(line, '  "\\u{7}\\u{202e}" = 1');
    assert.equal(line[caret!.indexOf('^')], '=');

    assert.doesNotMatch(refusalOf('A == \u0007').message, /[\u0000-\u001f]/);
  });
});

describe('limits', () => {
  const nested = (depth: number) => `${'('.repeat(depth)}1${')'.repeat(depth)}`;
  it('200 levels of parentheses, calls, operands', () => {
    assert.equal(judge(nested(200), {}), 'true');
    assert.match(
      refusalOf(nested(201)).message,
      /^column 202: filter is nested too deeply, expected at most 200/,
    );
    assert.match(refusalOf(nested(20_000)).message, /nested too deeply/);
    assert.equal(judge(`${'size('.repeat(200)}1${')'.repeat(200)}`, {}), 'true');
    assert.match(refusalOf(`${'size('.repeat(201)}1${')'.repeat(201)}`).message, /nested too deeply/);
    assert.match(refusalOf(Array.from({ length: 210 }, () => '1').join(' == ')).message, /nested too deeply/);
    assert.match(refusalOf(Array.from({ length: 210 }, () => '1').join(' + ')).message, /nested too deeply/);
    const chains = `${'('.repeat(150)}1${' + 1 + 1)'.repeat(150)}`;
    assert.match(refusalOf(chains).message, /nested too deeply/);
  });

  it('a long chain of and, or, xor is not deep', () => {
    for (const [operator, outcome] of [
      ['or', 'true'],
      ['and', 'false'],
      ['xor', 'true'],
    ] as const) {
      const chain = `${`A == 1 ${operator} `.repeat(1500)}A == 2`;
      assert.equal(judge(chain, { A: 2 }), outcome);
      assert.equal(printFilter(parseFilter(chain)), chain);
    }
  });

  it('64 KiB outside of lists', () => {
    const long = (bytes: number) => `A == "${'x'.repeat(bytes - 7)}"`;
    assert.equal(judge(long(65_536), { A: 'x' }), 'false');
    assert.match(
      refusalOf(long(65_537)).message,
      /too long outside of its lists, got "65537 bytes", expected at most 65536/,
    );
    assert.match(refusalOf(`A == "${'\u20ac'.repeat(22_000)}"`).message, /too long/);
  });

  it('200 steps of a path', () => {
    const path = (steps: number) => Array.from({ length: steps }, () => 'A').join('.');
    assert.equal(judge(path(200), {}), 'false');
    assert.match(refusalOf(path(201)).message, /path is too long, expected at most 200 steps/);
  });

  it('1 MiB with them', () => {
    const list = (elements: number) => `A in [${`"${'x'.repeat(1000)}",`.repeat(elements)}"y"]`;
    assert.equal(judge(list(1040), { A: 'y' }), 'true');
    assert.match(refusalOf(list(1050)).message, /filter is too long, got/);
  });
});

describe('warnings', () => {
  const cases: [expression: string, warning: RegExp | undefined][] = [
    ['2024-02-10 == 1', /^column 1: .*2024-02-10T00:00:00Z/],
    ['DetectTime > 2024-02-10T00:00:00Z', undefined],
    ['Sorce.IP4 == 192.0.2.1', /^column 1: Sorce\.IP4 is no usual field, did you mean Source\.IP4\?/],
    ['1 == 1 and category == "x"', /^column 12: category .*did you mean Category\?/],
    ['Source.IPv4 == "x"', /did you mean Source\.IP4\?/],
    ['IP4 == "x"', /did you mean Source\.IP4 or Target\.IP4\?/],
    ['_CESNET.EventClas == "x"', /did you mean _CESNET\.EventClass\?/],
    ['Source.PTR == "x" and Custom.Thing == 1 and x == 1', undefined],
    ['Category == Test', /^column 13: Test is read as a field; text is written in quotes/],
    ['Category in [Phishing]', /^column 14: Phishing is read as a field/],
    ['Target.Port == "22"', /^column 13: a number is compared with text: 22 is written without quotes/],
    ['"22" == Target.Port', /a number is compared with text/],
    ['Target.Port in [1, "22"]', /a number is compared with text/],
    ['Source.IP4 == 192.0.2.0/24', /== asks for the whole network, in asks for what lies in it/],
    ['Source.IP4 == "192.0.2.0/24"', /== asks for the whole network/],
    ['Source.IP4 == 192.0.2.1', undefined],
    ['Source.IP4 > 192.0.2.1', /addresses have no order/],
    ['Source.IP4 == 10.0.0.1-5', /a calculation with an address is always unknown/],
    ['Category != ["a", "b"]', /to exclude all of them write not x in \[a, b\]/],
    ['Note like ""', /an empty pattern is found in every text/],
    [String.raw`Note like "\b\u00e9"`, undefined],
    ['Note like "\\b\u00e9"', /letters from A to Z only/],
    ['not exists Note or Note == "x"', undefined],
  ];
  for (const [expression, expected] of cases)
    it(`${expression}: ${String(expected ?? 'none')}`, () => {
      const [first, ...others] = compileFilter(expression).warnings.map(formatWarning);
      if (expected === undefined) assert.equal(first, undefined);
      else assert.match(first ?? 'none', expected);
      assert.deepEqual(others, []);
    });

  it('come in the order of the text', () => {
    const warnings = compileFilter('A != [1, 2] and\n9 - 4 - 3 == 2 and Source.IP4 > 192.0.2.1').warnings;
    assert.deepEqual(
      warnings.map(({ line, column }) => [line, column]),
      [
        [1, 3],
        [2, 1],
        [2, 31],
      ],
    );
  });
});

describe('what a compiled filter tells', () => {
  it('the top-level keys it reads', () => {
    const { fields } = compileFilter(
      'Source[1].IP4 in [Target.IP4] and size(Note) > 0 or _CESNET.EventClass == "x"',
    );
    assert.deepEqual([...fields].sort(), ['Note', 'Source', 'Target', '_CESNET']);
    assert.deepEqual([...compileFilter('1 == 1').fields], []);
  });

  it('whether it looks at the clock', () => {
    assert.equal(compileFilter('A == 1 or DetectTime < utcnow() - 60').usesClock, true);
    assert.equal(compileFilter('size([A]) == 1 and time() > 5').usesClock, true);
    assert.equal(compileFilter('size([A]) == 1').usesClock, false);
  });
});

describe('basic filters', () => {
  it('are written like the form-based editor writes them, and work', () => {
    const expression = basicExpression({
      analyzers: ['a', 'b'],
      categories: ['c'],
      ips: ['2001:db8::/32', '192.0.2.0/24', '198.51.100.1-198.51.100.9'],
    });
    assert.equal(
      expression,
      'Node.Name IN ["a","b"] OR Category IN ["c"] OR Source.IP4 IN ["192.0.2.0/24","198.51.100.1-198.51.100.9"] OR Source.IP6 IN ["2001:db8::/32"]',
    );
    assert.equal(judge(expression, { Category: ['c'] }), 'true');
    assert.equal(judge(expression, { Source: [{ IP4: ['198.51.100.3'] }] }), 'true');
    assert.equal(judge(expression, { Source: [{ IP6: ['2001:db9::3'] }], Category: ['d'] }), 'unknown');
  });

  it('leave out empty lists', () => {
    assert.equal(basicExpression({ categories: ['c'], ips: [] }), 'Category IN ["c"]');
  });

  it('choose the quotes that fit', () => {
    assert.equal(basicExpression({ analyzers: ['say "x"', "don't"] }), `Node.Name IN ['say "x"',"don't"]`);
    assert.throws(
      () => basicExpression({ categories: [`"'`] }),
      /categories: a text cannot hold both kinds of quotes/,
    );
  });

  it('are refused when empty, and with what is no address', () => {
    assert.throws(
      () => basicExpression({}),
      (e) => e instanceof UserError && /basic filter is empty/.test(e.message),
    );
    assert.throws(() => basicExpression({ ips: ['192.0.2.300'] }), /ips: not an address, got "192.0.2.300"/);
  });
});
