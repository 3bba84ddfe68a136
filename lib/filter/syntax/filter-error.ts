// Errors and warnings about a filter, each with its place in the expression.
import { printable, UserError } from '../../model/user-error.ts';

/** A place in an expression: line and column count from 1, the column in UTF-16 units. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of an offset into the expression; lines end with a line feed. */
export function toPlace(expression: string, offset: number): Place {
  const before = expression.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** See `Problem`. */
export interface FilterProblem {
  readonly what: string;
  readonly got?: string | undefined;
  readonly expected?: string | undefined;
  readonly hint?: string | undefined;
}

/** A filter that cannot be loaded. The message is one line; {@link FilterError.render} shows the place. */
export class FilterError extends UserError {
  readonly line: number;
  /** Counts from 1 within the line. */
  readonly column: number;
  readonly #expression: string;

  constructor(expression: string, offset: number, problem: FilterProblem) {
    const place = toPlace(expression, offset);
    super({ ...problem, where: describePlace(place) });
    this.name = 'FilterError';
    this.line = place.line;
    this.column = place.column;
    this.#expression = expression;
  }

  /** The message, the line of the expression it is about, and a caret under the place. */
  render(): string {
    return `${this.message}\n${caret(this.#expression, this)}`;
  }
}

/** Something legal that is probably a mistake. */
export interface FilterWarning extends Place {
  readonly message: string;
}

/** Bounded, because finding each place takes time linear in the expression. */
const MAX_WARNINGS = 20;

/** Adds a warning, unless there is one about that place or there are twenty. */
export function addWarning(
  warnings: FilterWarning[],
  expression: string,
  offset: number,
  message: string,
): void {
  if (warnings.length >= MAX_WARNINGS) return;
  const { line, column } = toPlace(expression, offset);
  const known = warnings.some((warning) => warning.line === line && warning.column === column);
  if (!known) warnings.push({ line, column, message: printable(message) });
}

/** `column 7: …`, with the line when there are several. */
export function formatWarning(warning: FilterWarning): string {
  return `${describePlace(warning)}: ${warning.message}`;
}

function describePlace({ line, column }: Place): string {
  return line === 1 ? `column ${column}` : `line ${line}, column ${column}`;
}

const BEFORE = 60;
const AFTER = 40;

/** The part of the line around the place, safe on a terminal, with a caret under it. */
function caret(expression: string, { line, column }: Place): string {
  const text = expression.split('\n')[line - 1]!;
  const start = Math.max(0, column - 1 - BEFORE);
  const end = Math.min(text.length, column - 1 + AFTER);
  const before = `${start > 0 ? '…' : ''}${printable(text.slice(start, column - 1))}`;
  const after = `${printable(text.slice(column - 1, end))}${end < text.length ? '…' : ''}`;
  return `  ${before}${after}\n  ${before.replace(/./gsu, ' ')}^`;
}
