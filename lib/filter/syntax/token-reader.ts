import { FilterError, addWarning, type FilterProblem, type FilterWarning } from './filter-error.ts';
import type { Operator, Punctuation, Token } from './token.ts';
import { tokenize } from './tokenize.ts';

export class TokenReader {
  readonly expression: string;
  readonly warnings: FilterWarning[];
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(expression: string) {
    const { tokens, warnings } = tokenize(expression);
    this.expression = expression;
    this.warnings = [...warnings];
    this.#tokens = tokens;
  }

  /** The token to be read; the last one is `end`. */
  get token(): Token {
    return this.#tokens[this.#position]!;
  }

  /** The token that was read last. */
  get previous(): Token | undefined {
    return this.#tokens[this.#position - 1];
  }

  /** The operator to be read, if it is one. */
  get operator(): Operator | undefined {
    return this.token.kind === 'operator' ? this.token.operator : undefined;
  }

  advance(): void {
    this.#position++;
  }

  isSign(sign: Punctuation): boolean {
    return this.token.kind === 'punctuation' && this.token.sign === sign;
  }

  takeOperator(operator: Operator): boolean {
    const there = this.operator === operator;
    if (there) this.advance();
    return there;
  }

  takeSign(sign: Punctuation): boolean {
    const there = this.isSign(sign);
    if (there) this.advance();
    return there;
  }

  /** The token to be read as it is written. */
  get text(): string {
    return this.expression.slice(this.token.start, this.token.end);
  }

  warn(offset: number, message: string): void {
    addWarning(this.warnings, this.expression, offset, message);
  }

  /** The token to be read belongs here under no rule. */
  unexpected(expected: string, hint?: string): never {
    if (this.token.kind === 'end')
      this.fail(this.token.start, { what: 'filter ends too early', expected, hint });
    this.fail(this.token.start, { what: 'syntax error', got: this.text, expected, hint });
  }

  fail(offset: number, problem: FilterProblem): never {
    throw new FilterError(this.expression, offset, problem);
  }
}
