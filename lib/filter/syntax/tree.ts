// The tree a filter is parsed into, without parentheses and spellings.
import type { Literal } from './literal.ts';
import type { Path } from './path.ts';
import type { ArithmeticOperator } from '../value/arithmetic.ts';
import type { PairOperator } from '../value/comparison.ts';

export type ComparisonOperator = PairOperator | 'like' | 'is';
export type LogicalOperator = 'or' | 'xor' | 'and';

export const FUNCTIONS = ['size', 'strlen', 'time', 'utcnow'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

interface Placed {
  /** Offset into the expression: of the operator where there is one between operands, else of the beginning. */
  readonly at: number;
}

/** Two or more operands; the last one is never the same operator again, since `a or (b or c)` is `a or b or c`. */
interface LogicalNode extends Placed {
  readonly kind: LogicalOperator;
  readonly operands: readonly Node[];
}

interface PrefixNode extends Placed {
  readonly kind: 'not' | 'exists';
  readonly operand: Node;
}

export interface ComparisonNode extends Placed {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: Node;
  readonly right: Node;
}

export interface ArithmeticNode extends Placed {
  readonly kind: 'arithmetic';
  readonly operator: ArithmeticOperator;
  readonly left: Node;
  readonly right: Node;
}

export interface CallNode extends Placed {
  readonly kind: 'call';
  readonly name: FunctionName;
  readonly argument: Node | undefined;
}

export interface ListNode extends Placed {
  readonly kind: 'list';
  readonly elements: readonly (VariableNode | LiteralNode)[];
}

export interface VariableNode extends Placed {
  readonly kind: 'variable';
  readonly path: Path;
}

export interface LiteralNode extends Placed {
  readonly kind: 'literal';
  readonly literal: Literal;
}

export type Node =
  | LogicalNode
  | PrefixNode
  | ComparisonNode
  | ArithmeticNode
  | CallNode
  | ListNode
  | VariableNode
  | LiteralNode;

/** The nodes directly below. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'or':
    case 'xor':
    case 'and':
      return node.operands;
    case 'not':
    case 'exists':
      return [node.operand];
    case 'comparison':
    case 'arithmetic':
      return [node.left, node.right];
    case 'call':
      return node.argument === undefined ? [] : [node.argument];
    case 'list':
      return node.elements;
    case 'variable':
    case 'literal':
      return [];
  }
}
