// Recursive descent over the tokens, one function for each rule of the grammar. Size and nesting are bounded.
import { nearestHint } from '../../model/text/nearest.ts';
import type { ArithmeticOperator } from '../value/arithmetic.ts';
import { FilterError, type FilterWarning } from './filter-error.ts';
import { brief, cut, explicitText } from './print.ts';
import {
  childrenOf,
  FUNCTIONS,
  type ComparisonOperator,
  type FunctionName,
  type ListNode,
  type LogicalOperator,
  type Node,
} from './tree.ts';
import type { Operator } from './token.ts';
import { keywordHint } from './tokenize.ts';
import { TokenReader } from './token-reader.ts';

/** Parentheses, calls, operands of a comparison or of a calculation: how many may lie within each other. */
const MAX_DEPTH = 200;
/** Bytes of UTF-8 outside of lists: 64 KiB. */
const MAX_BYTES = 65_536;
/** Bytes of UTF-8 with everything: 1 MiB, since a list of 10,000 networks is a sane filter. */
const MAX_BYTES_WITH_LISTS = 1_048_576;

export interface Parsed {
  readonly root: Node;
  readonly warnings: FilterWarning[];
}

/** @throws FilterError */
export function parse(expression: string): Parsed {
  checkSize(expression, Buffer.byteLength(expression), MAX_BYTES_WITH_LISTS);
  return new Parser(expression).run();
}

/** The tree of an expression. @throws FilterError */
export function parseFilter(expression: string): Node {
  return parse(expression).root;
}

function checkSize(expression: string, bytes: number, limit: number): void {
  if (bytes <= limit) return;
  const what = limit === MAX_BYTES ? 'filter is too long outside of its lists' : 'filter is too long';
  throw new FilterError(expression, 0, { what, got: `${bytes} bytes`, expected: `at most ${limit}` });
}

const LEVELS = ['or', 'xor', 'and', '||', '^^', '&&'] as const;
const MEANING: Readonly<Record<(typeof LEVELS)[number], LogicalOperator>> = {
  or: 'or',
  xor: 'xor',
  and: 'and',
  '||': 'or',
  '^^': 'xor',
  '&&': 'and',
};

const COMPARISONS: ReadonlySet<Operator> = new Set<ComparisonOperator>([
  ...(['like', 'in', 'is', '==', '!=', '>', '>=', '<', '<='] as const),
]);
const isComparison = (operator: Operator): operator is ComparisonOperator => COMPARISONS.has(operator);
const isSum = (operator: Operator): operator is '+' | '-' => operator === '+' || operator === '-';
const isProduct = (operator: Operator): operator is '*' | '/' | '%' =>
  operator === '*' || operator === '/' || operator === '%';

const OPERAND = 'a value, a field, a function, [ or (';

class Parser {
  readonly #reader: TokenReader;
  #depth = 0;
  /** Length of lists so far, in bytes. */
  #listed = 0;
  /** What the last closed parenthesis held. */
  #parenthesised: Node | undefined;
  /** How many nodes lie below each other; of a node without operands 0. */
  readonly #heights = new WeakMap<Node, number>();

  constructor(expression: string) {
    this.#reader = new TokenReader(expression);
  }

  run(): Parsed {
    const { expression, warnings, token } = this.#reader;
    if (token.kind === 'end') this.#reader.fail(0, { what: 'filter is empty', expected: OPERAND });
    const root = this.#logical(0);
    if (this.#reader.token.kind !== 'end')
      this.#reader.unexpected('an operator or the end', this.#hintAfterOperand());
    checkSize(expression, Buffer.byteLength(expression) - this.#listed, MAX_BYTES);
    return { root, warnings };
  }

  #logical(level: number): Node {
    const spelling = LEVELS[level];
    if (spelling === undefined) return this.#negate();
    const at = this.#reader.token.start;
    const operands = [this.#logical(level + 1)];
    while (this.#reader.operator === spelling) {
      this.#reader.advance();
      operands.push(this.#logical(level + 1));
    }
    return operands.length === 1 ? operands[0]! : this.#bounded(flatten(MEANING[spelling], operands, at));
  }

  #negate(): Node {
    const at = this.#reader.token.start;
    if (!this.#reader.takeOperator('not')) return this.#present();
    if (this.#reader.operator === 'not')
      this.#reader.unexpected('an operand', 'not stands once; two need parentheses: not (not x)');
    return this.#bounded({ kind: 'not', operand: this.#present(), at });
  }

  #present(): Node {
    const at = this.#reader.token.start;
    if (!this.#reader.takeOperator('exists')) return this.#compare();
    if (this.#reader.operator === 'exists' || this.#reader.operator === 'not')
      this.#reader.unexpected('an operand', `write exists (${this.#reader.operator} x)`);
    return this.#bounded({ kind: 'exists', operand: this.#compare(), at });
  }

  #compare(): Node {
    const left = this.#sum();
    const operator = this.#reader.operator;
    const at = this.#reader.token.start;
    if (operator === undefined || !isComparison(operator)) return left;
    this.#reader.advance();
    const right = this.#nested(() => this.#compare());
    const node = this.#bounded({ kind: 'comparison', operator, left, right, at });
    const chained = right.kind === 'comparison' && right !== this.#parenthesised;
    if (chained && right.right.kind !== 'comparison')
      this.#reader.warn(at, `comparisons chain from the right: ${brief(node)}`);
    return node;
  }

  #sum(): Node {
    const chain: ArithmeticOperator[] = [];
    const at = this.#reader.token.start;
    const term = () => this.#chain(isProduct, () => this.#atom(), chain);
    const node = this.#chain(isSum, term, chain);
    const alike = chain.length < 2 || (chain.length === 2 && isSum(chain[0]!) && isProduct(chain[1]!));
    if (!alike)
      this.#reader.warn(
        at,
        `read as ${cut(explicitText(node))}; the older reader groups from the right: write the parentheses`,
      );
    return node;
  }

  /** `operand (operator operand)*`, grouped from the left; appends the operators in the order of the text. */
  #chain(
    belongs: (operator: Operator) => operator is ArithmeticOperator,
    operand: () => Node,
    operators: ArithmeticOperator[],
  ): Node {
    let node = operand();
    for (
      let operator = this.#reader.operator;
      operator !== undefined && belongs(operator);
      operator = this.#reader.operator
    ) {
      const at = this.#reader.token.start;
      operators.push(operator);
      this.#reader.advance();
      node = this.#bounded({ kind: 'arithmetic', operator, left: node, right: operand(), at });
    }
    return node;
  }

  #atom(): Node {
    const token = this.#reader.token;
    switch (token.kind) {
      case 'literal':
        this.#reader.advance();
        return { kind: 'literal', literal: token.literal, at: token.start };
      case 'variable':
        this.#reader.advance();
        return { kind: 'variable', path: token.path, at: token.start };
      case 'function':
        return this.#call(token.name);
      case 'punctuation':
        if (token.sign === '[') return this.#list();
        if (token.sign === '(') return this.#parenthesis();
        break;
      case 'operator':
      case 'end':
    }
    return this.#reader.unexpected(OPERAND, this.#hintBeforeOperand());
  }

  #parenthesis(): Node {
    this.#reader.advance();
    const node = this.#nested(() => this.#logical(0));
    if (!this.#reader.takeSign(')')) {
      const listed = this.#reader.token.kind === 'punctuation' && this.#reader.token.sign === ',';
      this.#reader.unexpected(
        'an operator or )',
        listed ? 'a list is written [a, b]' : this.#hintAfterOperand(),
      );
    }
    this.#parenthesised = node;
    return node;
  }

  #call(name: string): Node {
    const { start } = this.#reader.token;
    const known = FUNCTIONS.find((f) => f === name);
    if (known === undefined)
      this.#reader.fail(this.#reader.token.start, {
        what: 'unknown function',
        got: name,
        hint: nearestHint(name, FUNCTIONS),
      });
    this.#reader.advance();
    const argument = this.#reader.takeSign(')') ? undefined : this.#argument(known);
    const takes = known === 'size' || known === 'strlen';
    if (takes && argument === undefined)
      this.#reader.fail(start, { what: `${known}() needs an argument`, expected: `${known}(Field)` });
    if (!takes && argument !== undefined)
      this.#reader.fail(argument.at, { what: `${known}() takes no argument` });
    return this.#bounded({ kind: 'call', name: known, argument, at: start });
  }

  #argument(name: FunctionName): Node {
    const node = this.#nested(() => this.#logical(0));
    if (!this.#reader.takeSign(')'))
      this.#reader.unexpected('an operator or )', `several values go in as a list: ${name}([A, B])`);
    return node;
  }

  #list(): Node {
    const { start } = this.#reader.token;
    this.#reader.advance();
    const elements = [this.#element()];
    while (this.#reader.takeSign(',')) elements.push(this.#element());
    const { end } = this.#reader.token;
    if (!this.#reader.takeSign(']'))
      this.#reader.unexpected('a separator or ]', 'a list holds values and fields only');
    this.#listed += Buffer.byteLength(this.#reader.expression.slice(start, end));
    return { kind: 'list', elements, at: start };
  }

  #element(): ListNode['elements'][number] {
    const token = this.#reader.token;
    if (token.kind !== 'literal' && token.kind !== 'variable') {
      const closes = token.kind === 'punctuation' && token.sign === ']';
      const hint = closes
        ? 'no empty list, no separator at the end'
        : 'lists do not nest, and hold no calculation';
      return this.#reader.unexpected('a value or a field', hint);
    }
    this.#reader.advance();
    if (token.kind === 'literal') return { kind: 'literal', literal: token.literal, at: token.start };
    return { kind: 'variable', path: token.path, at: token.start };
  }

  #nested(rule: () => Node): Node {
    if (++this.#depth > MAX_DEPTH) this.#tooDeep(this.#reader.token.start);
    const node = rule();
    this.#depth--;
    return node;
  }

  /** Bounds the height of the tree: a chain of calculations is deep without a parenthesis. */
  #bounded<T extends Node>(node: T): T {
    const height =
      1 + childrenOf(node).reduce((most, child) => Math.max(most, this.#heights.get(child) ?? 0), 0);
    if (height > MAX_DEPTH) this.#tooDeep(node.at);
    this.#heights.set(node, height);
    return node;
  }

  #tooDeep(offset: number): never {
    return this.#reader.fail(offset, {
      what: 'filter is nested too deeply',
      expected: `at most ${MAX_DEPTH} levels`,
    });
  }

  #hintBeforeOperand(): string | undefined {
    if (this.#reader.operator === 'not' || this.#reader.operator === 'exists')
      return `write (${this.#reader.operator} x)`;
    if (this.#reader.operator === '-') return 'there are no negative literals: write 0 - 5';
    const word = this.#reader.operator === undefined ? undefined : /^[a-z]+$/i.exec(this.#reader.text)?.[0];
    return word === undefined ? undefined : `${word} is a keyword; text is written in quotes`;
  }

  #hintAfterOperand(): string | undefined {
    const token = this.#reader.token;
    const before = this.#reader.previous;
    if (token.kind === 'variable') return keywordHint(token.path.text);
    if (before?.kind !== 'variable' || token.kind !== 'punctuation' || token.sign !== '(') return undefined;
    const name = before.path.text;
    if (FUNCTIONS.some((f) => f === name)) return `no blank between ${name} and (`;
    return keywordHint(name);
  }
}

/** Merges a last operand with the same operator, which changes nothing: all three group from the right. */
function flatten(kind: LogicalOperator, operands: readonly Node[], at: number): Node {
  const last = operands.at(-1)!;
  return { kind, operands: last.kind === kind ? [...operands.slice(0, -1), ...last.operands] : operands, at };
}
