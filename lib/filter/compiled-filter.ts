import { compileTree } from './compile/compile.ts';
import { explainTerm, type Explanation } from './explain.ts';
import type { FilterWarning } from './syntax/filter-error.ts';
import { lint } from './lint/lint.ts';
import { parse } from './syntax/parse.ts';
import type { FilterSubject } from './compile/filter-subject.ts';
import { childrenOf, type Node } from './syntax/tree.ts';
import type { Term } from './compile/term.ts';
import { TRUE } from './compile/truth.ts';

export class CompiledFilter {
  readonly expression: string;
  /** Top-level keys of an event that the filter reads. */
  readonly fields: ReadonlySet<string>;
  /** True when the outcome depends on the run's instant. */
  readonly usesClock: boolean;
  /** What is legal but probably a mistake, in the order of the text. */
  readonly warnings: readonly FilterWarning[];
  readonly root: Term;

  /** @throws FilterError */
  constructor(expression: string) {
    const { root, warnings } = parse(expression);
    this.expression = expression;
    this.root = compileTree(expression, root);
    const nodes = allNodes(root);
    this.fields = new Set(
      nodes.flatMap((node) => (node.kind === 'variable' ? [node.path.steps[0]!.key] : [])),
    );
    this.usesClock = nodes.some((node) => node.kind === 'call' && node.argument === undefined);
    lint(expression, nodes, warnings);
    this.warnings = warnings.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** True when the filter is true for the event; unknown is no match. Never throws, whatever the event holds. */
  matches(subject: FilterSubject): boolean {
    return this.root.truth(subject) === TRUE;
  }

  /** Why it matches or does not. */
  explain(subject: FilterSubject): Explanation {
    return explainTerm(this.root, subject);
  }
}

/** Parses, checks and compiles. @throws FilterError with the place and what was expected there */
export function compileFilter(expression: string): CompiledFilter {
  return new CompiledFilter(expression);
}

function allNodes(root: Node): readonly Node[] {
  const found = [root];
  // A list may have more elements than a call takes arguments.
  for (const node of found) for (const child of childrenOf(node)) found.push(child);
  return found;
}
