import { UserErrors } from '../model/schema-faults.ts';
import type { Fault, UserError } from '../model/user-error.ts';

/** The faults an error stands for: one, or several of one input. */
export function faultsOf(error: UserError): readonly Fault[] {
  return error instanceof UserErrors ? error.faults : [error.fault];
}
