import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  compileFilter,
  FilterError,
  FilterSubject,
  formatExplanation,
  printFilter,
} from '../../../lib/filter/index.ts';
import { arbitraryTree } from '../../support/filter/arbitraries.ts';
import { judge } from '../../support/filter/tables.ts';

/** Milliseconds of processor time, which a busy machine does not stretch. */
const elapsed = (work: () => void) => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const counts = { loaded: 0, refused: 0 };

/** Loads what may or may not be a filter: an error or a filter, of which everything can be asked. */
function load(text: string): void {
  try {
    const filter = compileFilter(text);
    counts.loaded++;
    formatExplanation(filter.explain(new FilterSubject({ A: 1, Category: ['Test'] }, 0)));
  } catch (error) {
    assert.ok(error instanceof FilterError, `${String(error)} for ${JSON.stringify(text)}`);
    counts.refused++;
    assert.ok(error.column >= 1 && error.line >= 1);
    assert.equal(error.render().split('\n').length, 3);
  }
}

const WORDS = [
  'and',
  'or',
  'xor',
  'not',
  'exists',
  'in',
  'is',
  'like',
  '==',
  '!=',
  '>=',
  '<',
  '||',
  '&&',
  '^^',
  '!',
  '?',
  '=~',
  '(',
  ')',
  '[',
  ']',
  ',',
  ';',
  '+',
  '-',
  '*',
  '/',
  '%',
  'size(',
  'time()',
  'A',
  'Source.IP4',
  'A[1]',
  'DetectTime',
  '1',
  '2.5',
  '"x"',
  "'('",
  '192.0.2.0/24',
  '::1',
  '00:01:00',
  '2024-01-01T00:00:00Z',
  '.',
  '#',
  '$',
  '"',
  ' ',
];

describe('whatever is taken for a filter gives a filter or an error', () => {
  const fuzz = (title: string, texts: fc.Arbitrary<string>, seed: number, numRuns: number) =>
    it(`${title} (${numRuns})`, () => {
      const before = { ...counts };
      const time = elapsed(() => fc.assert(fc.property(texts, load), { seed, numRuns }));
      assert.ok(time < 10_000, `${time} ms`);
      assert.equal(counts.loaded + counts.refused - before.loaded - before.refused, numRuns);
    });

  fuzz(
    'bytes',
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    11,
    3000,
  );
  fuzz(
    'code units',
    fc.array(fc.nat(0xffff), { maxLength: 40 }).map((u) => String.fromCharCode(...u)),
    12,
    2000,
  );
  fuzz(
    'words',
    fc.array(fc.constantFrom(...WORDS), { maxLength: 25 }).map((w) => w.join(' ')),
    13,
    4000,
  );
  fuzz(
    'words without blanks',
    fc.array(fc.constantFrom(...WORDS), { maxLength: 25 }).map((w) => w.join('')),
    14,
    3000,
  );
  fuzz(
    'filters with a piece replaced',
    fc
      .tuple(
        arbitraryTree.map(printFilter),
        fc.nat(),
        fc.nat(8),
        fc.constantFrom(...WORDS, '\u0000', '\ud83d', '\u202e', '\r\n'),
      )
      .map(([text, at, length, piece]) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + piece + text.slice(start + length);
      }),
    15,
    2500,
  );
  fuzz(
    'patterns',
    fc
      .array(
        fc.constantFrom(
          'a',
          '(',
          ')',
          '[',
          ']',
          '^',
          '$',
          '|',
          '*',
          '+',
          '?',
          '{2,}',
          '{,3}',
          '\\',
          '\\w',
          '\\W',
          '\\1',
          '(?i)',
          '(?:',
          '(?=',
          '(?P<n>',
          '.',
          '-',
          '\u017e',
          '\ud83d',
        ),
        { maxLength: 15 },
      )
      .map((p) => `A like '${p.join('')}'`),
    16,
    3000,
  );
});

describe('no filter and no event takes long', () => {
  it('filters of the greatest size that warn at every step', () => {
    const texts = [
      `A in [${Array.from({ length: 40_000 }, (_, i) => `Sorc${i}`).join(',')}]`,
      '2024-02-10,'.repeat(40_000),
      `${'2024-02-10 or\n'.repeat(4500)}1`,
      `${'Sorce.IP4 == 1 == 1 or '.repeat(2500)}1`,
    ];
    for (const text of texts) {
      const time = elapsed(() => load(text));
      assert.ok(time < 5000, `${time} ms`);
    }
  });

  it('patterns that ruin a backtracking engine', () => {
    const text = `${'a'.repeat(50_000)}!`;
    const patterns = ['(a+)+$', '(a|a)*b', '(a*)*c', '(?:a?){50}a{50}$', '(.*)(.*)(.*)x'];
    const time = elapsed(() => {
      for (const pattern of patterns) assert.equal(judge(`A like "${pattern}"`, { A: text }), 'false');
    });
    assert.ok(time < 5000, `${time} ms`);
  });

  it('patterns from events are bounded', () => {
    const time = elapsed(() => {
      const patterns = Array.from({ length: 20_000 }, (_, i) => `(x+${i})+y`);
      assert.equal(
        judge('A like B', { A: 'x'.repeat(10_000), B: ['z'.repeat(100_000), ...patterns] }),
        'false',
      );
    });
    assert.ok(time < 5000, `${time} ms`);
  });

  it('lists of 10,000 addresses are looked up', () => {
    const networks = Array.from({ length: 10_000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/28`);
    const filter = compileFilter(`Source.IP4 in [${networks.join(', ')}]`);
    let matches = 0;
    const time = elapsed(() => {
      for (let i = 0; i < 20_000; i++) {
        const event = { Source: [{ IP4: [`10.${i & 31}.${(i >> 5) & 255}.${i & 31}`] }] };
        if (filter.matches(new FilterSubject(event, 0))) matches++;
      }
    });
    assert.equal(matches, 10_000);
    assert.ok(time < 1500, `${time} ms`);
  });

  const many = Array.from({ length: 50_000 }, (_, i) => i);
  const lists: [expression: string, event: Record<string, unknown>, outcome: 'true' | 'false'][] = [
    [
      'Source.Port == Target.Port',
      { Source: { Port: many }, Target: { Port: many.map((n) => n + 50_000) } },
      'false',
    ],
    [
      'Source.Port == Target.Port',
      { Source: { Port: many }, Target: { Port: many.map((n) => n + 49_999) } },
      'true',
    ],
    [
      'Source.Port > Target.Port',
      { Source: { Port: many }, Target: { Port: many.map((n) => n + 50_000) } },
      'false',
    ],
    [
      'Source.Port >= Target.Port',
      { Source: { Port: many }, Target: { Port: many.map((n) => n + 49_999) } },
      'true',
    ],
    [
      'Source.Port != Target.Port',
      { Source: { Port: many.map(() => 5) }, Target: { Port: many.map(() => '5') } },
      'false',
    ],
    ['A != B', { A: many.map(() => 5), B: [...many.map(() => 5), '5'] }, 'true'],
    ['A in B', { A: many.map((n) => `a${n}`), B: many.map((n) => `b${n}`) }, 'false'],
    ['A < B', { A: many.map((n) => `b${n}`), B: [...many.map((n) => `a${n}`), 5, {}, null] }, 'false'],
    ['A is B', { A: many, B: many }, 'true'],
    [
      'Source.IP4 in Target.IP4',
      {
        Source: { IP4: many.map((n) => `10.${n >> 8}.${n & 255}.0/23`) },
        Target: { IP4: many.map((n) => `10.${n >> 8}.${n & 255}.0/24`) },
      },
      'false',
    ],
    ['size(A.B) == 50000', { A: many.map((B) => ({ B })) }, 'true'],
    ['A + A > 99997', { A: many }, 'true'],
  ];
  for (const [expression, event, outcome] of lists)
    it(`lists of 50,000: ${expression} is ${outcome}`, () => {
      const time = elapsed(() => assert.equal(judge(expression, event), outcome));
      assert.ok(time < 1500, `${time} ms`);
    });
});
