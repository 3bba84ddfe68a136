import { makesExtras, type Group } from '../model/group.ts';
import type { Fault } from '../model/user-error.ts';
import type { ReportOptions } from '../report/options.ts';
import { loadTypeMap } from '../report/xarf/type-map.ts';
import { faultsIn } from './faults.ts';

/**
 * Why no extra report with X-ARF documents could be made, whatever its events; nothing where no group asks for one.
 * @param groups with what is forced upon them
 */
export function xarfFaults({ xarf }: Pick<ReportOptions, 'xarf'>, groups: readonly Group[]): Fault[] {
  const asked = groups.some(({ settings }) => settings.xarf && makesExtras(settings.mode));
  if (xarf === undefined || !asked) return [];
  return [...faultsIn(() => xarf.parties()), ...faultsIn(() => loadTypeMap(xarf.typesFile))];
}
