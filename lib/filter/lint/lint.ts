// Finds what is legal but probably a mistake: comparisons that never or always hold, and names close to those of usual fields.
import { addWarning, type FilterWarning } from '../syntax/filter-error.ts';
import { isKnownField, suggestField } from './known-field.ts';
import type { Literal } from '../syntax/literal.ts';
import { typeOfOperand, type OperandType } from '../compile/operand-type.ts';
import type { ArithmeticNode, ComparisonNode, Node, VariableNode } from '../syntax/tree.ts';

interface Finding {
  readonly at: number;
  readonly message: string;
}

/** Nodes that are checked, so that a list of thousands of fields costs no time. */
const MAX_CHECKED = 10_000;

/** Adds what it finds to the warnings. @param nodes every node of the tree */
export function lint(expression: string, nodes: readonly Node[], warnings: FilterWarning[]): void {
  for (const node of nodes.slice(0, MAX_CHECKED))
    for (const { at, message } of findingsFor(node)) addWarning(warnings, expression, at, message);
}

function findingsFor(node: Node): readonly Finding[] {
  if (node.kind === 'variable') return fieldFindings(node);
  if (node.kind === 'arithmetic') return arithmeticFindings(node);
  return node.kind === 'comparison' ? comparisonFindings(node) : [];
}

function fieldFindings({ path, at }: VariableNode): readonly Finding[] {
  const suggestion = suggestField(path);
  return suggestion === undefined
    ? []
    : [{ at, message: `${path.text} is no usual field, did you mean ${suggestion}?` }];
}

function arithmeticFindings({ left, right, at }: ArithmeticNode): readonly Finding[] {
  const addresses = isAddress(typeOfOperand(left)) || isAddress(typeOfOperand(right));
  return addresses ? [{ at, message: 'a calculation with an address is always unknown' }] : [];
}

function comparisonFindings(node: ComparisonNode): readonly Finding[] {
  const messages =
    node.operator === 'like'
      ? patternFindings(node)
      : [orderFinding(node), numberFinding(node), networkFinding(node), differenceFinding(node)];
  const findings = messages.flatMap((message) => (message === undefined ? [] : [{ at: node.at, message }]));
  return [...findings, ...wordFindings(node)];
}

function isAddress(type: OperandType): boolean {
  return type === 'ip4' || type === 'ip6';
}

/** The literals that an operand is or lists. */
function literalsOf(node: Node): readonly Literal[] {
  if (node.kind === 'literal') return [node.literal];
  if (node.kind !== 'list') return [];
  return node.elements.flatMap((element) => (element.kind === 'literal' ? [element.literal] : []));
}

function patternFindings({ right }: ComparisonNode): readonly string[] {
  const patterns = literalsOf(right).flatMap((literal) => (literal.type === 'text' ? [literal.value] : []));
  const empty = patterns.includes('') ? ['an empty pattern is found in every text'] : [];
  const foreign = patterns.some((pattern) => /\\b/i.test(pattern) && /[^\u0000-\u007f]/.test(pattern));
  return foreign ? [...empty, '\\b knows letters from A to Z only'] : empty;
}

function orderFinding({ operator, left, right }: ComparisonNode): string | undefined {
  if (!['<', '<=', '>', '>='].includes(operator)) return undefined;
  const addresses = [left, right].some((side) => isAddress(typeOfOperand(side)));
  return addresses ? 'addresses have no order, so this is never true' : undefined;
}

function numberFinding({ left, right }: ComparisonNode): string | undefined {
  const numeric = (side: Node) => side.kind === 'variable' && typeOfOperand(side) === 'number';
  const constants = numeric(left) ? right : numeric(right) ? left : undefined;
  const text = constants && literalsOf(constants).find((literal) => literal.type === 'text');
  return text && `a number is compared with text: ${text.value || 'numbers'} is written without quotes`;
}

function networkFinding({ operator, left, right }: ComparisonNode): string | undefined {
  if (operator !== '==' || left.kind !== 'variable' || !isAddress(typeOfOperand(left))) return undefined;
  const texts = literalsOf(right).map((literal) => (literal.type === 'text' ? literal.value : literal.text));
  return texts.some((text) => /\/|\.\.|-/.test(text))
    ? '== asks for the whole network, in asks for what lies in it'
    : undefined;
}

function differenceFinding({ operator, left, right }: ComparisonNode): string | undefined {
  const several = [left, right].some((side) => side.kind === 'list' && side.elements.length > 1);
  return operator === '!=' && several
    ? 'true as soon as one pair differs; to exclude all of them write not x in [a, b]'
    : undefined;
}

/** A bare word on the right, where text was probably meant. */
function wordFindings({ right }: ComparisonNode): readonly Finding[] {
  const operands = right.kind === 'list' ? right.elements : [right];
  return operands.flatMap((operand) => {
    if (operand.kind !== 'variable' || operand.path.steps.length > 1) return [];
    const { text } = operand.path;
    if (isKnownField(text) || text.startsWith('_') || suggestField(operand.path) !== undefined) return [];
    return [{ at: operand.at, message: `${text} is read as a field; text is written in quotes` }];
  });
}
