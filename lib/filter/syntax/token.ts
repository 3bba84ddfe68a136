// The kinds of token, and the spellings of operators: exactly two per word, all lower and all upper case.
import type { Literal } from './literal.ts';
import type { Path } from './path.ts';
import type { ArithmeticOperator } from '../value/arithmetic.ts';
import type { ComparisonOperator } from './tree.ts';

/** `||`, `^^` and `&&` mean the same as the words but bind tighter. */
export type Operator =
  'or' | 'xor' | 'and' | '||' | '^^' | '&&' | 'not' | 'exists' | ComparisonOperator | ArithmeticOperator;

export type Punctuation = ',' | '(' | ')' | '[' | ']';

/** Offsets into the expression; `end` is the first character after the token. */
interface Span {
  readonly start: number;
  readonly end: number;
}

export type Token = Span &
  (
    | { readonly kind: 'operator'; readonly operator: Operator }
    | { readonly kind: 'punctuation'; readonly sign: Punctuation }
    | { readonly kind: 'function'; readonly name: string }
    | { readonly kind: 'variable'; readonly path: Path }
    | { readonly kind: 'literal'; readonly literal: Literal }
    | { readonly kind: 'end' }
  );

const WORDS: Readonly<Record<string, Operator>> = {
  or: 'or',
  xor: 'xor',
  and: 'and',
  not: 'not',
  exists: 'exists',
  like: 'like',
  in: 'in',
  is: 'is',
  eq: '==',
  ne: '!=',
  gt: '>',
  ge: '>=',
  lt: '<',
  le: '<=',
};

export const KEYWORDS: ReadonlyMap<string, Operator> = new Map(
  Object.entries(WORDS).flatMap(([word, operator]) => [
    [word, operator],
    [word.toUpperCase(), operator],
  ]),
);

const same = (operators: readonly Operator[]): [string, Operator][] => operators.map((o) => [o, o]);

/** Two-character symbols are looked up before those of one. */
export const SYMBOLS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...same(['||', '^^', '&&', '==', '!=', '>', '>=', '<', '<=', '+', '-', '*', '/', '%']),
  ['<>', '!='],
  ['=~', 'like'],
  ['~~', 'in'],
  ['!', 'not'],
  ['?', 'exists'],
]);

export const PUNCTUATION: ReadonlyMap<string, Punctuation> = new Map<string, Punctuation>([
  [',', ','],
  [';', ','],
  ['(', '('],
  [')', ')'],
  ['[', '['],
  [']', ']'],
]);
