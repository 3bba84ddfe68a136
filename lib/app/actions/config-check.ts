import { compileFilter, formatWarning } from '../../filter/index.ts';
import type { Group } from '../../model/group.ts';
import { describeFault, UserError } from '../../model/user-error.ts';
import { loadCatalogue } from '../../report/catalogue.ts';
import type { ReportOptions } from '../../report/options.ts';
import { createRenderer } from '../../report/renderer.ts';
import { loadTypeMap } from '../../report/xarf/type-map.ts';
import { faultsOf } from '../faults.ts';
import { groupFaults } from '../group-faults.ts';
import { withForced } from '../forced-settings.ts';
import { loadGroups } from '../groups.ts';
import type { Log } from '../log.ts';
import { runOptionsOf } from '../options.ts';
import { cell } from '../output.ts';
import type { Action } from './action.ts';

/**
 * Checks what a run will use, without a run: the configuration (which was read to get here), groups, filters, templates and locales. Every
 * problem is a line with its place.
 */
export const configCheck: Action = async ({ configuration, output, log, store: open }) => {
  const options = runOptionsOf(configuration);
  const { groups, faults, place } = await loadGroups(configuration.config, await open());
  const problems = faults.flatMap(faultsOf).map(describeFault);
  const renderer = createRenderer(options.report, loadCatalogue());
  problems.push(...xarfFaults(options.report, groups));
  for (const group of groups) {
    const broken = groupFaults(group, place).map(describeFault);
    problems.push(
      ...broken,
      ...rendering(() => renderer.check(withForced(group, options.forced).settings), group, place),
    );
    if (broken.length === 0) warn(group, log);
  }
  for (const problem of problems) {
    output.object({ problem });
    output.line(cell(problem));
  }
  output.object({ ok: problems.length === 0, groups: groups.length, problems: problems.length });
  output.line(
    `${groups.length} groups from ${cell(place)}: ${problems.length === 0 ? 'no problems' : `${problems.length} problems`}`,
  );
  return problems.length === 0;
};

function rendering(check: () => void, group: Group, place: string): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const at = `${place}, group ${JSON.stringify(group.name)}`;
    return [
      describeFault({
        ...error.fault,
        where: error.fault.where === undefined ? at : `${at}: ${error.fault.where}`,
      }),
    ];
  }
}

/** What X-ARF documents need, when a group wants some. */
function xarfFaults({ xarf }: ReportOptions, groups: readonly Group[]): string[] {
  if (xarf === undefined || !groups.some(({ settings }) => settings.xarf)) return [];
  return [() => xarf.parties(), () => loadTypeMap(xarf.typesFile)].flatMap((check) => {
    try {
      check();
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return faultsOf(error).map(describeFault);
    }
  });
}

/** What is legal in a group's filters but probably not meant. */
function warn(group: Group, log: Log): void {
  for (const { name, expression } of group.filters) {
    for (const warning of compileFilter(expression).warnings)
      log.warning(`group ${group.name}, filter ${name}: ${formatWarning(warning)}`);
  }
}
