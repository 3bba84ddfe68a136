import { UserErrors } from '../../model/schema-problems.ts';
import { UserError, type Problem } from '../../model/user-error.ts';

/** The problems of an error: one, or several of one input. */
export function problemsOf(error: UserError): readonly Problem[] {
  return error instanceof UserErrors ? error.problems : [error.problem];
}

/** What a check finds wrong: the problems of the UserError that it throws, if it does. */
export function problemsIn(check: () => unknown): readonly Problem[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof UserError) return problemsOf(error);
    throw error;
  }
}
