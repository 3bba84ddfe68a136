import { formatCount } from '../../model/text/format.ts';
import { checkGroups } from '../../config/groups/groups.ts';
import { readGroupFiles } from '../../config/groups/group-files.ts';
import { checkStore } from '../../config/open-store.ts';
import { storePlaceOf } from '../../config/options.ts';
import type { Action } from './action.ts';

/** Reaches the store, counts, and names what is wrong in it: missing indexes, and events that nobody would ever fetch. Changes nothing. */
export const storeCheck: Action = async ({ configuration, output }) => {
  const { groups: path } = configuration.config;
  const groups =
    path === undefined ? undefined : checkGroups(readGroupFiles(path)).groups.map((group) => group.name);
  const found = await checkStore(storePlaceOf(configuration), groups);
  output.object(found);
  output.line(
    `${found.store}, version ${found.version}: ${formatCount(found.events, 'event')}, ${formatCount(found.groups, 'group')}`,
  );
  for (const problem of found.problems) output.line(`  ${problem}`);
  output.line(found.ok ? 'nothing is wrong' : formatCount(found.problems.length, 'problem'));
  return found.ok;
};
