// Random filters and random events that have something to say to each other: few fields, few values, all kinds.
import fc from 'fast-check';
import { parsePath } from '../../../lib/filter/syntax/path.ts';
import { literalAt, isProblem, type Literal } from '../../../lib/filter/syntax/literal.ts';
import type { Node } from '../../../lib/filter/index.ts';

const PATHS = [
  'Category',
  'Note',
  'Description',
  'ConnCount',
  'Confidence',
  'DetectTime',
  'EventTime',
  '_CESNET.StorageTime',
  'Node.AggrWin',
  'Node.Name',
  'Node[#].Name',
  'Source',
  'Source.IP4',
  'Source.IP6',
  'Target.IP4',
  'Source[1].IP4[#]',
  'Source.Port',
  'Target.Port',
  'Source[2].Port',
  'Target[*].Type',
  'Source.Spoofed',
  'Missing',
  '__proto__.constructor',
  'Note[1]',
] as const;
const TEXTS = [
  'Test',
  'Recon.Scanning',
  'ssh',
  '',
  '22',
  '3.5',
  'x"y',
  '\u{1F600}',
  '\uFF61',
  'line\nend\n',
] as const;
const TIMES = ['2024-03-01T00:00:00Z', '2024-03-01T01:00:00+01:00', '2024-03-09T23:59:59.5Z'] as const;
const DURATIONS = ['00:00:00', '02:00:00', '1D00:00:00'] as const;
const IP4 = [
  '192.0.2.1',
  '192.0.2.0/24',
  '192.0.2.0/25',
  '192.0.2.0..192.0.2.255',
  '192.0.2.10-192.0.2.20',
  '0.0.0.0/0',
] as const;
const IP6 = ['2001:db8::1', '2001:db8::/32', '2001:db8::-2001:db8::ff', '::'] as const;
const NUMBERS = ['0', '1', '22', '3.5', '80', '7200', '1709251200'] as const;
const PATTERNS = ['^Re', 's+h', 'Test|x', '[0-9]{2}', '', '\\.', 'e$'] as const;

const literalOf = (text: string): Literal => {
  const found = literalAt(text, 0);
  if (found === undefined || isProblem(found.literal) || found.end !== text.length)
    throw new Error(`no literal: ${text}`);
  return found.literal;
};
const text = (value: string): Node => ({ kind: 'literal', literal: { type: 'text', value }, at: 0 });
const unquoted = (texts: readonly string[]) =>
  fc
    .constantFrom(...texts)
    .map((t): Node & { kind: 'literal' } => ({ kind: 'literal', literal: literalOf(t), at: 0 }));
const quoted = (texts: readonly string[]) =>
  fc.constantFrom(...texts).map((t) => text(t) as Node & { kind: 'literal' });
const variable = fc
  .constantFrom(...PATHS)
  .map((p): Node & { kind: 'variable' } => ({ kind: 'variable', path: parsePath(p), at: 0 }));
const constant = fc.oneof(
  unquoted(NUMBERS),
  unquoted(TIMES),
  unquoted(DURATIONS),
  unquoted(IP4),
  unquoted(IP6),
  quoted(TEXTS),
  quoted(TIMES),
  quoted(IP4),
);
const list = fc
  .array(fc.oneof(constant, constant, variable), { minLength: 1, maxLength: 4 })
  .map((elements): Node => ({ kind: 'list', elements, at: 0 }));
const patternList = fc
  .array(quoted(PATTERNS), { minLength: 1, maxLength: 3 })
  .map((elements): Node => ({ kind: 'list', elements, at: 0 }));

/** The last operand is never the same operator again: such a tree is written by nobody. */
function logical(kind: 'or' | 'and' | 'xor', operands: readonly Node[]): Node {
  const last = operands.at(-1)!;
  return {
    kind,
    operands: last.kind === kind ? [...operands.slice(0, -1), ...last.operands] : operands,
    at: 0,
  };
}

const { tree } = fc.letrec<{ tree: Node; operand: Node }>((tie) => ({
  operand: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: variable },
    { weight: 4, arbitrary: constant },
    { weight: 2, arbitrary: list },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Node>(
        { kind: 'call', name: 'time', argument: undefined, at: 0 },
        { kind: 'call', name: 'utcnow', argument: undefined, at: 0 },
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom('size' as const, 'strlen' as const), tie('operand'))
        .map(([name, argument]): Node => ({ kind: 'call', name, argument, at: 0 })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.constantFrom('+' as const, '-' as const, '*' as const, '/' as const, '%' as const),
          tie('operand'),
          tie('operand'),
        )
        .map(([operator, left, right]): Node => ({ kind: 'arithmetic', operator, left, right, at: 0 })),
    },
    { weight: 1, arbitrary: tie('tree') },
  ),
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    {
      weight: 8,
      arbitrary: fc
        .tuple(
          fc.constantFrom(
            'in' as const,
            'is' as const,
            '==' as const,
            '!=' as const,
            '>' as const,
            '>=' as const,
            '<' as const,
            '<=' as const,
          ),
          tie('operand'),
          tie('operand'),
        )
        .map(([operator, left, right]): Node => ({ kind: 'comparison', operator, left, right, at: 0 })),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('operand'), fc.oneof(quoted(PATTERNS), patternList))
        .map(([left, right]): Node => ({ kind: 'comparison', operator: 'like', left, right, at: 0 })),
    },
    { weight: 1, arbitrary: tie('operand') },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('not' as const, 'exists' as const), tie('tree'))
        .map(([kind, operand]): Node => ({ kind, operand, at: 0 })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fc.constantFrom('or' as const, 'and' as const, 'xor' as const),
          fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
        )
        .map(([kind, operands]) => logical(kind, operands)),
    },
  ),
}));

/** Trees of every kind of node, as the parser would make them, offsets aside. Not every one of them can be loaded. */
export const arbitraryTree: fc.Arbitrary<Node> = tree;

const scalar = fc.constantFrom<unknown>(
  ...TEXTS,
  ...TIMES,
  ...DURATIONS,
  ...IP4,
  ...IP6,
  ...NUMBERS.map(Number),
  null,
  true,
  false,
  -5,
  2.5,
  1e21,
  '2024-03-01 00:00:00Z',
  'Re',
  '192.0.2.12',
);
const some = (value: fc.Arbitrary<unknown>) => fc.oneof(value, fc.array(value, { maxLength: 4 }));
const addresses4 = some(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.constantFrom('192.0.2.1', '192.0.2.0/24', '192.0.2.12-192.0.2.15', '198.51.100.7'),
    },
    { weight: 1, arbitrary: scalar },
  ),
);
const addresses6 = some(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('2001:db8::1', '2001:DB8::/33', '::1') },
    { weight: 1, arbitrary: scalar },
  ),
);
const numbers = some(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<unknown>(22, 80, '22', 0, 1) },
    { weight: 1, arbitrary: scalar },
  ),
);
const times = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom<unknown>(...TIMES, 1709251200) },
  { weight: 1, arbitrary: scalar },
);
const partial = (members: Record<string, fc.Arbitrary<unknown>>) => fc.record(members, { requiredKeys: [] });
const party = partial({
  IP4: addresses4,
  IP6: addresses6,
  Port: numbers,
  Type: some(scalar),
  Spoofed: fc.boolean(),
});

/** Events that hold the fields of the trees with fitting and unfitting values. */
export const arbitraryEvent: fc.Arbitrary<Record<string, unknown>> = partial({
  Category: some(fc.constantFrom<unknown>('Test', 'Recon.Scanning', 'ssh', null)),
  Note: some(scalar),
  Description: scalar,
  ConnCount: numbers,
  Confidence: numbers,
  DetectTime: times,
  EventTime: times,
  _CESNET: partial({ StorageTime: times }),
  Node: some(
    partial({
      Name: scalar,
      AggrWin: fc.oneof(fc.constantFrom<unknown>(...DURATIONS, '00:05:00.25', 300), scalar),
    }),
  ),
  Source: some(fc.oneof({ weight: 6, arbitrary: party }, { weight: 1, arbitrary: scalar })),
  Target: some(party),
});
