// Turns a tree into terms. Constants are converted by their neighbour and patterns compiled, so that errors show before an event is read.
import { addedConstant, comparedConstant } from './constant.ts';
import { ListIdentity, PairComparison, PatternSearch } from './comparison-term.ts';
import { FilterError, type FilterProblem } from '../syntax/filter-error.ts';
import { isProblem, type Literal } from '../syntax/literal.ts';
import { AllOf, AnyOf, Existence, Negation, ExclusiveOr } from './logic-term.ts';
import {
  Calculation,
  Constant,
  ConstantList,
  CurrentInstant,
  EpochSeconds,
  Length,
  MixedList,
  Size,
  Variable,
} from './operand-term.ts';
import { typeOfOperand, typeOfPath, type OperandType } from './operand-type.ts';
import { compilePattern, type Pattern } from '../pattern/pattern.ts';
import { PatternProblem } from '../pattern/pattern-escape.ts';
import type {
  ArithmeticNode,
  CallNode,
  ComparisonNode,
  ListNode,
  LiteralNode,
  Node,
} from '../syntax/tree.ts';
import type { Term } from './term.ts';
import type { Value } from '../value/value.ts';

type Conversion = (literal: Literal) => Value | FilterProblem;

/** @throws FilterError for a constant that does not fit its neighbour and for an invalid pattern */
export function compileTree(expression: string, root: Node): Term {
  return new Compiler(expression).term(root);
}

const unconverted: Conversion = (literal) => literal.value;

class Compiler {
  readonly #expression: string;

  constructor(expression: string) {
    this.#expression = expression;
  }

  /** @param conversion what a constant becomes at this place */
  term(node: Node, conversion = unconverted): Term {
    switch (node.kind) {
      case 'or':
        return new AnyOf(node, this.#terms(node.operands));
      case 'and':
        return new AllOf(node, this.#terms(node.operands));
      case 'xor':
        return new ExclusiveOr(node, this.#terms(node.operands));
      case 'not':
        return new Negation(node, [this.term(node.operand)]);
      case 'exists':
        return new Existence(node, [this.term(node.operand)]);
      case 'comparison':
        return this.#comparison(node);
      case 'arithmetic':
        return this.#arithmetic(node);
      case 'call':
        return this.#call(node);
      case 'list':
        return this.#list(node, conversion);
      case 'variable':
        return new Variable(node, node.path, typeOfPath(node.path));
      case 'literal':
        return this.#constant(node, conversion);
    }
  }

  #terms(nodes: readonly Node[]): readonly Term[] {
    return nodes.map((node) => this.term(node));
  }

  #comparison(node: ComparisonNode): Term {
    if (node.operator === 'like') return this.#search(node);
    const beside =
      (type: OperandType): Conversion =>
      (literal) =>
        comparedConstant(literal, type);
    const left = this.term(node.left, beside(typeOfOperand(node.right)));
    const right = this.term(node.right, beside(typeOfOperand(node.left)));
    if (node.operator === 'is') return new ListIdentity(node, [left, right]);
    return new PairComparison(node, node.operator, left, right);
  }

  #search(node: ComparisonNode): Term {
    const right = this.term(node.right);
    const elements = node.right.kind === 'list' ? right.parts : [right];
    const patterns = elements.flatMap((part) =>
      part.node.kind === 'literal' ? [this.#pattern(part.node)] : [],
    );
    const eventPatterns = elements.filter((part) => part.node.kind !== 'literal');
    return new PatternSearch(node, this.term(node.left), right, patterns, eventPatterns);
  }

  #pattern({ literal, at }: LiteralNode): Pattern {
    if (literal.type !== 'text')
      this.#fail(at, { what: 'not a pattern', got: literal.text, expected: 'text in quotes' });
    try {
      return compilePattern(literal.value);
    } catch (error) {
      if (!(error instanceof PatternProblem)) throw error;
      // The quote stands before the first character of the pattern.
      return this.#fail(at + 1 + error.offset, {
        what: `invalid pattern: ${error.message}`,
        hint: error.hint,
      });
    }
  }

  #arithmetic(node: ArithmeticNode): Term {
    const added = node.operator === '+' || node.operator === '-';
    const beside = (type: OperandType): Conversion =>
      added ? (literal) => addedConstant(literal, type) : unconverted;
    const left = this.term(node.left, beside(typeOfOperand(node.right)));
    const right = this.term(node.right, beside(typeOfOperand(node.left)));
    return new Calculation(node, node.operator, [left, right]);
  }

  #call(node: CallNode): Term {
    if (node.argument === undefined)
      return node.name === 'time' ? new EpochSeconds(node) : new CurrentInstant(node);
    const argument = this.term(node.argument);
    return node.name === 'size' ? new Size(node, [argument]) : new Length(node, argument);
  }

  #list(node: ListNode, conversion: Conversion): Term {
    const parts = node.elements.map((element) => this.term(element, conversion));
    const constants = parts.filter((part) => part instanceof Constant);
    return constants.length === parts.length ? new ConstantList(node, constants) : new MixedList(node, parts);
  }

  #constant(node: LiteralNode, conversion: Conversion): Constant {
    const { literal } = node;
    const value = conversion(literal);
    if (isProblem(value)) this.#fail(node.at, value);
    return new Constant(node, value, literal.type === 'text' ? literal.value : literal.text);
  }

  #fail(offset: number, problem: FilterProblem): never {
    throw new FilterError(this.#expression, offset, problem);
  }
}
