import { UserErrors } from '../model/schema-faults.ts';
import { UserError, type Fault } from '../model/user-error.ts';

/** The faults an error stands for: one, or several of one input. */
export function faultsOf(error: UserError): readonly Fault[] {
  return error instanceof UserErrors ? error.faults : [error.fault];
}

/** What a check finds wrong: the faults of the UserError that it throws, if it does. */
export function faultsIn(check: () => unknown): readonly Fault[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof UserError) return faultsOf(error);
    throw error;
  }
}
