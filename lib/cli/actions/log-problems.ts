import type { Log } from '../../run/ports.ts';
import { describeProblem, type UserError } from '../../model/user-error.ts';
import { problemsOf } from '../../config/check/problems.ts';

/** Logs what could not be used, a line each. Returns true when there was nothing. */
export function logProblems(problems: readonly UserError[], log: Log): boolean {
  for (const problem of problems.flatMap(problemsOf)) log.error(describeProblem(problem));
  return problems.length === 0;
}
