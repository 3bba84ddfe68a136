import { INVISIBLE, TAGS } from './text/invisible.ts';

/** The content of a {@link UserError}. */
export interface Problem {
  /** The problem as a clause without a full stop: `network is not an address, net or range`. */
  what: string;
  /** Where: file, line, group, key or option. */
  where?: string | undefined;
  got?: unknown;
  expected?: string | undefined;
  /** The remedy. */
  hint?: string | undefined;
}

/**
 * A problem that a person can cause and solve: in a file, an option, a group, an event, an answer of a server.
 * It prints as one line and never with a stack trace; `usage` problems end with exit code 2, all others with 1.
 */
export class UserError extends Error {
  readonly problem: Problem;
  readonly usage: boolean;

  constructor(problem: Problem, options: { usage?: boolean; cause?: unknown } = {}) {
    super(describeProblem(problem), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UserError';
    this.problem = problem;
    this.usage = options.usage ?? false;
  }
}

const GOT_LIMIT = 80;

/** The problem as one line that is safe on a terminal: control characters are shown, never sent. */
export function describeProblem(problem: Problem): string {
  const parts = [problem.where === undefined ? problem.what : `${problem.where}: ${problem.what}`];
  if (problem.got !== undefined) parts.push(`got ${showValue(problem.got)}`);
  if (problem.expected !== undefined) parts.push(`expected ${problem.expected}`);
  const line = parts.join(', ');
  return printable(problem.hint === undefined ? line : `${line} (${problem.hint})`);
}

/** A value as short JSON, cut at 80 characters. */
export function showValue(value: unknown): string {
  // undefined and functions have no JSON.
  const text = (JSON.stringify(value) as string | undefined) ?? String(value);
  return text.length > GOT_LIMIT ? `${text.slice(0, GOT_LIMIT)}…` : text;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// C0 and C1 controls, DEL, line and paragraph separators, and what is invisible.
const UNSAFE = new RegExp(`[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029${INVISIBLE}${TAGS}]`, 'gu');

/** Text with control and invisible characters written as `\u{…}`, lone surrogates as U+FFFD: safe on a terminal and in a log line. */
export function printable(text: string): string {
  return text.toWellFormed().replace(UNSAFE, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
