import { loadGroups } from '../../config/groups/groups.ts';
import { cell } from '../output.ts';
import type { Action } from './action.ts';
import { logProblems } from './log-problems.ts';

/** One line a group. */
export const groupsList: Action = async ({ configuration: { config }, output, log, store: open }) => {
  const { groups, problems, place } = await loadGroups(config, open);
  const rows = groups.map(({ name, enabled, networks, filters, settings: { mode, mute } }) => ({
    name,
    enabled,
    networks: networks.length,
    filters: filters.length,
    mode,
    mute,
  }));
  for (const row of rows) output.object(row);
  if (rows.length === 0) {
    output.line(`there are no groups in ${cell(place)}`);
    return logProblems(problems, log);
  }
  await output.table(
    ['Group', 'Networks', 'Filters', 'Mode', 'Muted', 'Enabled'],
    rows.map((row) => [row.name, row.networks, row.filters, row.mode, yesNo(row.mute), yesNo(row.enabled)]),
  );
  return logProblems(problems, log);
};

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
