import { makesExtras, type Group } from '../../model/group/group.ts';
import type { Problem } from '../../model/user-error.ts';
import type { ReportOptions } from '../../report/options.ts';
import { loadTypeMap } from '../../report/xarf/type-map.ts';
import { problemsIn } from './problems.ts';

/**
 * Why no extra report with X-ARF documents could be made, whatever its events; nothing where no group asks for one.
 * @param groups with what is forced upon them
 */
export function xarfProblems({ xarf }: Pick<ReportOptions, 'xarf'>, groups: readonly Group[]): Problem[] {
  const asked = groups.some(({ settings }) => settings.xarf && makesExtras(settings.mode));
  if (xarf === undefined || !asked) return [];
  return [...problemsIn(() => xarf.parties()), ...problemsIn(() => loadTypeMap(xarf.typesFile))];
}
