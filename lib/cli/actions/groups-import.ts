import { buffer } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import { throwProblems } from '../../model/schema-problems.ts';
import { describeProblem } from '../../model/user-error.ts';
import { Locales } from '../../report/render/locale.ts';
import { foldersOf } from '../../report/render/shipped.ts';
import { problemsOf } from '../../config/check/problems.ts';
import {
  filterWarnings,
  groupProblems,
  localeProblems,
  recipientProblems,
  xarfModeProblems,
} from '../../config/groups/group-problems.ts';
import { groupsIn } from '../../config/groups/group-files.ts';
import { checkGroups } from '../../config/groups/groups.ts';
import { mailOptions } from '../../config/options.ts';
import type { Action } from './action.ts';

/**
 * Adds or replaces groups by name, all or nothing: one bad group, one broken filter, one unknown
 * language, and nothing changes. Groups without recipients and settings without effect are warned of.
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
  const { groups, problems } = checkGroups(groupsIn(text, inputName));
  const locales = new Locales(foldersOf(config.locales_dir, 'locales'));
  throwProblems([
    ...problems.flatMap(problemsOf),
    ...groups.flatMap((group) => [
      ...groupProblems(group, inputName),
      ...localeProblems(group, inputName, locales),
    ]),
  ]);
  for (const group of groups) {
    const problems = [
      ...recipientProblems(group, inputName, mailOptions(config)),
      ...xarfModeProblems(group, inputName),
    ];
    for (const problem of problems) log.warning(describeProblem(problem));
    for (const line of filterWarnings(group)) log.warning(line);
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
