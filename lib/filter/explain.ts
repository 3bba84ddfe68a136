// Explains why a filter matched or not: the tree of its parts, each with its truth and the values it saw.
import { printable, showValue } from '../model/user-error.ts';
import { pairSatisfies } from './value/comparison.ts';
import { PairComparison, searchableText } from './compile/comparison-term.ts';
import { ConstantList, Variable } from './compile/operand-term.ts';
import { brief } from './syntax/print.ts';
import type { FilterSubject } from './compile/filter-subject.ts';
import type { Term } from './compile/term.ts';
import { TRUE, UNKNOWN, type Truth } from './compile/truth.ts';
import { formatValue } from './value/value.ts';

export type TruthName = 'true' | 'false' | 'unknown';

/** One part of a filter with its result. */
export interface Explanation {
  /** The part as an expression, cut when long. */
  readonly expression: string;
  readonly truth: TruthName;
  /** What was seen here: the values of a field or of a calculation, or the pair that made a comparison true. One line each. */
  readonly seen: readonly string[];
  readonly parts: readonly Explanation[];
}

/** Evaluates every part, also those that the outcome did not need. */
export function explainTerm(term: Term, subject: FilterSubject): Explanation {
  const compares = term.node.kind === 'comparison';
  return {
    expression: brief(term.node),
    truth: truthName(term.truth(subject)),
    seen: compares
      ? valuesOfComparison(term, subject)
      : term instanceof Variable
        ? [valuesOfField(term, subject)]
        : [],
    parts: compares ? innerParts(term, subject) : partsOf(term, subject),
  };
}

function partsOf(term: Term, subject: FilterSubject): readonly Explanation[] {
  return term instanceof ConstantList ? [] : term.parts.map((part) => explainTerm(part, subject));
}

/** Comparisons show the values of their plain operands; only logic within them is explained further. */
function innerParts(term: Term, subject: FilterSubject): readonly Explanation[] {
  const logical = (part: Term) =>
    ['or', 'and', 'xor', 'not', 'exists', 'comparison'].includes(part.node.kind);
  return term.parts.filter(logical).map((part) => explainTerm(part, subject));
}

function truthName(truth: Truth): TruthName {
  return truth === TRUE ? 'true' : truth === UNKNOWN ? 'unknown' : 'false';
}

const SHOWN = 5;

function valuesOfComparison(term: Term, subject: FilterSubject): readonly string[] {
  const sides = term.parts.flatMap((part) => {
    if (part.node.kind === 'literal' || part instanceof ConstantList) return [];
    if (part instanceof Variable) return [valuesOfField(part, subject)];
    return [
      `${brief(part.node)}: ${joinValues(
        part.values(subject).map((value) => formatValue(value)),
        'unknown',
      )}`,
    ];
  });
  const pair = term instanceof PairComparison ? decidingPair(term, subject) : undefined;
  return pair === undefined ? sides : [...sides, pair];
}

function valuesOfField(variable: Variable, subject: FilterSubject): string {
  const raw = subject.raw(variable.path);
  return `${variable.path.text}: ${joinValues(
    raw.slice(0, SHOWN).map((value) => formatRaw(value)),
    'not there',
    raw.length,
  )}`;
}

function formatRaw(value: unknown): string {
  if (typeof value === 'string') return showValue(value);
  return searchableText(value) ?? (typeof value === 'boolean' ? String(value) : '{…}');
}

function joinValues(texts: readonly string[], none: string, count = texts.length): string {
  if (count === 0) return none;
  const more = count > SHOWN ? ` and ${count - SHOWN} more` : '';
  return `${texts.slice(0, SHOWN).join(', ')}${more}`;
}

const PAIRS_TRIED = 100_000;

/** The first pair that satisfies the comparison, in the words of the filter. */
function decidingPair(term: PairComparison, subject: FilterSubject): string | undefined {
  const [left, right] = [term.parts[0]!.values(subject), term.parts[1]!.values(subject)];
  if (left.length * right.length < 2 || left.length * right.length > PAIRS_TRIED) return undefined;
  for (const a of left)
    for (const b of right)
      if (pairSatisfies(term.operator, a, b))
        return `because ${formatValue(a)} ${term.operator} ${formatValue(b)}`;
  return undefined;
}

/** The explanation as lines, indented by depth; control characters are shown, never sent. */
export function formatExplanation(explanation: Explanation): string {
  return formatLines(explanation, '').join('\n');
}

function formatLines({ truth, expression, seen, parts }: Explanation, indent: string): string[] {
  return [
    `${indent}${truth.padEnd(7)}  ${printable(expression)}`,
    ...seen.map((line) => `${indent}         ${printable(line)}`),
    ...parts.flatMap((part) => formatLines(part, `${indent}  `)),
  ];
}
