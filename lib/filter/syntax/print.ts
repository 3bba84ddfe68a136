// Writes a tree as an expression that parses to the same tree: lower-case words, blanks around operators, only necessary parentheses.
import type { Literal } from './literal.ts';
import type { Node } from './tree.ts';

// How tightly a node holds together: an operand is put in parentheses when it is looser than its place allows.
const LOOSENESS = {
  or: 1,
  xor: 2,
  and: 3,
  not: 7,
  exists: 8,
  comparison: 9,
  sum: 10,
  product: 11,
  atom: 12,
} as const;

function tightness(node: Node): number {
  switch (node.kind) {
    case 'arithmetic':
      return node.operator === '+' || node.operator === '-' ? LOOSENESS.sum : LOOSENESS.product;
    case 'call':
    case 'list':
    case 'variable':
    case 'literal':
      return LOOSENESS.atom;
    default:
      return LOOSENESS[node.kind];
  }
}

/** The expression of a tree; `parseFilter` of it gives the same tree, offsets aside. */
export function printFilter(node: Node): string {
  switch (node.kind) {
    case 'or':
    case 'xor':
    case 'and':
      return node.operands.map((operand) => placed(operand, LOOSENESS[node.kind] + 1)).join(` ${node.kind} `);
    case 'not':
      return `not ${placed(node.operand, LOOSENESS.exists)}`;
    case 'exists':
      return `exists ${placed(node.operand, LOOSENESS.comparison)}`;
    case 'comparison':
      return `${placed(node.left, LOOSENESS.sum)} ${node.operator} ${placed(node.right, LOOSENESS.comparison)}`;
    case 'arithmetic': {
      const own = tightness(node);
      return `${placed(node.left, own)} ${node.operator} ${placed(node.right, own + 1)}`;
    }
    case 'call':
      return `${node.name}(${node.argument === undefined ? '' : printFilter(node.argument)})`;
    case 'list':
      return `[${node.elements.map(printFilter).join(', ')}]`;
    case 'variable':
      return node.path.text;
    case 'literal':
      return printLiteral(node.literal);
  }
}

/** The calculation with a parenthesis around every step. */
export function explicitText(node: Node): string {
  if (node.kind !== 'arithmetic') return placed(node, LOOSENESS.atom);
  const [left, right] = [node.left, node.right].map((side) =>
    side.kind === 'arithmetic' ? `(${explicitText(side)})` : explicitText(side),
  );
  return `${left!} ${node.operator} ${right!}`;
}

function placed(node: Node, loosest: number): string {
  const text = printFilter(node);
  return tightness(node) < loosest ? `(${text})` : text;
}

function printLiteral(literal: Literal): string {
  return literal.type === 'text' ? quoted(literal.value) : literal.text;
}

/** Text in quotes of the kind that it does not hold; there is no escape character, so it cannot hold both. */
export function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}

const BRIEF = 80;

/** The expression of a tree for a message. */
export function brief(node: Node): string {
  return cut(printFilter(node));
}

/** The first 80 characters. */
export function cut(text: string): string {
  return text.length > BRIEF ? `${text.slice(0, BRIEF)}…` : text;
}
