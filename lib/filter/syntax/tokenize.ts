// Cuts an expression into tokens. Every character belongs to a token or is white space; anything else is an error at its place.
import { nearest } from '../../model/text/nearest.ts';
import { FilterError, addWarning, type FilterProblem, type FilterWarning } from './filter-error.ts';
import { isProblem, literalAt } from './literal.ts';
import { INDEX, MAX_STEPS, parsePath, STEP } from './path.ts';
import { KEYWORDS, PUNCTUATION, SYMBOLS, type Token } from './token.ts';

const BLANK = /[ \t\n\r]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const DIGIT_OR_COLON = /[0-9:]/;
const HEX = /[0-9A-Fa-f]/;
const SHORTEST_FUNCTION = 3;

export interface Tokens {
  /** Ends with an `end` token. */
  readonly tokens: readonly Token[];
  readonly warnings: readonly FilterWarning[];
}

/** @throws FilterError for an illegal character, an unclosed quote, a malformed path or a literal that cannot be */
export function tokenize(expression: string): Tokens {
  return new Tokenizer(expression).run();
}

class Tokenizer {
  readonly #text: string;
  #at = 0;
  readonly #tokens: Token[] = [];
  readonly #warnings: FilterWarning[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  run(): Tokens {
    this.#skip(BLANK);
    while (this.#at < this.#text.length) {
      const token = this.#next();
      this.#tokens.push(token);
      this.#at = token.end;
      this.#skip(BLANK);
    }
    this.#tokens.push({ kind: 'end', start: this.#at, end: this.#at });
    return { tokens: this.#tokens, warnings: this.#warnings };
  }

  #next(): Token {
    const c = this.#text[this.#at]!;
    if (c === '"' || c === "'") return this.#quoted(c);
    if (DIGIT_OR_COLON.test(c) || HEX.test(c)) {
      const literal = this.#literal();
      if (literal !== undefined) return literal;
    }
    return this.#word() ?? this.#symbol();
  }

  #quoted(quote: string): Token {
    const start = this.#at;
    const close = this.#text.indexOf(quote, start + 1);
    if (close < 0) this.#fail(start, { what: 'quote is not closed', expected: `a second ${quote}` });
    const value = this.#text.slice(start + 1, close);
    return { kind: 'literal', literal: { type: 'text', value }, start, end: close + 1 };
  }

  /** An unquoted literal; a literal that begins with a letter has a colon in it, where a name would end. */
  #literal(): Token | undefined {
    const start = this.#at;
    const found = literalAt(this.#text, start);
    if (found === undefined) return undefined;
    this.#lookForTimes(start);
    if (isProblem(found.literal)) this.#fail(start, found.literal);
    return { kind: 'literal', literal: found.literal, start, end: found.end };
  }

  #lookForTimes(start: number): void {
    if (matchAt(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?![\d.Zz+-])/iy, this.#text, start) !== undefined)
      this.#fail(start, { what: 'time without a zone', expected: 'Z or an offset like +01:00 at its end' });
    const date = matchAt(/\d{4}-\d\d-\d\d(?![\d:Tt])/y, this.#text, start);
    if (date === undefined) return;
    const message = `${date} is read as a subtraction; the time is written ${date}T00:00:00Z`;
    addWarning(this.#warnings, this.#text, start, message);
  }

  #word(): Token | undefined {
    const start = this.#at;
    const name = matchAt(NAME, this.#text, start);
    if (name === undefined) return undefined;
    const end = start + name.length;
    const operator = KEYWORDS.get(name);
    if (operator !== undefined) return { kind: 'operator', operator, start, end };
    if (this.#text[end] === '(' && name.length >= SHORTEST_FUNCTION)
      return { kind: 'function', name, start, end: end + 1 };
    return this.#variable(start);
  }

  #variable(start: number): Token {
    let end = start;
    for (let steps = 1; ; steps++) {
      if (steps > MAX_STEPS)
        this.#fail(start, { what: 'path is too long', expected: `at most ${MAX_STEPS} steps` });
      STEP.lastIndex = end;
      const step = STEP.exec(this.#text);
      if (step === null) this.#fail(end, { what: 'path ends with a dot', expected: 'the name of a field' });
      const index = step[1];
      if (index !== undefined && !INDEX.test(index))
        this.#fail(end + step[0].indexOf('['), {
          what: 'impossible index',
          got: `[${index}]`,
          expected: 'a number from 1, # for the last or * for all',
        });
      end += step[0].length;
      if (this.#text[end] !== '.') break;
      end++;
    }
    this.#afterPath(end);
    return { kind: 'variable', path: parsePath(this.#text.slice(start, end)), start, end };
  }

  /** A bracket or a name that touches an index, and a bracket that no index fits in. */
  #afterPath(end: number): void {
    const c = this.#text[end] ?? '';
    const indexed = this.#text[end - 1] === ']';
    if (c === '[')
      this.#fail(end, {
        what: indexed ? 'two indexes in a row' : 'malformed index',
        expected: indexed ? 'a dot or the end of the path' : '[1], [2] …, [#] or [*] without blanks',
      });
    if (indexed && /[A-Za-z0-9_]/.test(c)) this.#fail(end, { what: 'dot is missing after an index' });
  }

  #symbol(): Token {
    const start = this.#at;
    for (const length of [2, 1]) {
      const symbol = this.#text.slice(start, start + length);
      const operator = SYMBOLS.get(symbol);
      if (operator !== undefined) return { kind: 'operator', operator, start, end: start + symbol.length };
    }
    const sign = PUNCTUATION.get(this.#text[start]!);
    if (sign !== undefined) return { kind: 'punctuation', sign, start, end: start + 1 };
    const character = String.fromCodePoint(this.#text.codePointAt(start)!);
    return this.#fail(start, { what: 'illegal character', got: character, hint: HINTS.get(character) });
  }

  #skip(pattern: RegExp): void {
    pattern.lastIndex = this.#at;
    pattern.test(this.#text);
    this.#at = pattern.lastIndex;
  }

  #fail(offset: number, problem: FilterProblem): never {
    throw new FilterError(this.#text, offset, problem);
  }
}

const HINTS: ReadonlyMap<string, string> = new Map([
  ['=', 'equality is written =='],
  ['&', 'write && or and'],
  ['|', 'write || or or'],
  ['^', 'write ^^ or xor'],
  ['~', 'a pattern is asked for with =~ or like, membership with ~~ or in'],
  ['#', '# stands only in an index: [#]; there are no comments'],
  ['.', 'a number has digits on both sides of its dot'],
  ['“', 'quotes are written " or \''],
  ['”', 'quotes are written " or \''],
  ['‘', 'quotes are written " or \''],
  ['’', 'quotes are written " or \''],
]);

/** The keyword that a word was probably meant to be. */
export function keywordHint(word: string): string | undefined {
  const lower = word.toLowerCase();
  if (KEYWORDS.has(lower)) return `keywords are all lower or all upper case: ${lower}`;
  const near =
    word.length > 2
      ? nearest(
          lower,
          [...KEYWORDS.keys()].filter((k) => k.length > 2),
        )
      : undefined;
  return near === undefined ? undefined : `did you mean ${near}?`;
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}
