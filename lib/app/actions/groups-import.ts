import { buffer } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { throwFaults } from '../../model/schema-faults.ts';
import { describeFault } from '../../model/user-error.ts';
import { Locales } from '../../report/locale.ts';
import { foldersOf } from '../../report/shipped.ts';
import { faultsOf } from '../faults.ts';
import { groupFaults, localeFaults, recipientFaults, xarfModeFaults } from '../group-faults.ts';
import { groupsIn } from '../group-files.ts';
import { checkGroups } from '../groups.ts';
import { mailOptions } from '../options.ts';
import type { Action } from './action.ts';

/**
 * Adds or replaces groups by name, all or nothing: one bad group, one broken filter, one unknown
 * language, and nothing changes. A group that nobody can be told for, or with a setting that does nothing, is warned of.
 */
export const groupsImport: Action = async ({
  configuration: { config },
  input,
  inputName,
  output,
  log,
  store: open,
}) => {
  const text = (await buffer(input())).toString('utf8');
  const { groups, faults } = checkGroups(groupsIn(text, inputName));
  const locales = new Locales(foldersOf(config.locales_dir, 'locales'));
  throwFaults([
    ...faults.flatMap(faultsOf),
    ...groups.flatMap((group) => [
      ...groupFaults(group, inputName),
      ...localeFaults(group, inputName, locales),
    ]),
  ]);
  for (const group of groups) {
    const faults = [
      ...recipientFaults(group, inputName, mailOptions(config)),
      ...xarfModeFaults(group, inputName),
    ];
    for (const fault of faults) log.warning(describeFault(fault));
  }
  const store = await open();
  const present = new Map((await store.groups.all()).map((group) => [group.name, group]));
  const documents = groups.map((group) => group.written);
  const changed = documents.filter((group) => !isDeepStrictEqual(group, present.get(group.name)));
  if (changed.length > 0) await store.groups.replace(changed);
  const counts = { imported: changed.length, unchanged: documents.length - changed.length };
  output.object(counts);
  output.line(`groups: ${counts.imported} imported, ${counts.unchanged} unchanged`);
  if (config.groups !== undefined) {
    log.warning(`runs take their groups from ${config.groups} (key groups), not from the store`);
  }
  return true;
};
