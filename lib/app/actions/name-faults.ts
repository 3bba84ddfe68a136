import { describeFault, type UserError } from '../../model/user-error.ts';
import { faultsOf } from '../faults.ts';
import type { Log } from '../log.ts';

/** Logs what could not be used, a line each. Returns true when there was nothing. */
export function nameFaults(faults: readonly UserError[], log: Log): boolean {
  for (const fault of faults.flatMap(faultsOf)) log.error(describeFault(fault));
  return faults.length === 0;
}
