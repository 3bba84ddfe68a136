import type { Action } from './action.ts';

/** Prints the store's groups as they were written, in a form that `groups-import` reads: an array, or one a line. */
export const groupsExport: Action = async ({ output, store: open }) => {
  const groups = await (await open()).groups.all();
  for (const group of groups) output.object(group);
  output.line(JSON.stringify(groups, null, 2));
  return true;
};
