import { findRunlogs, printFound } from './runlog-files.ts';
import type { Action } from '../action.ts';

/** The paths of all runlogs, newest first. For programs `{"directory","count","limit"}`, then `{"file"}` a line. */
export const runlogsList: Action = async (context) => {
  const { output } = context;
  const found = findRunlogs(context);
  printFound(found, context);
  for (const file of found.files) output.object({ file });
  if (found.files.length > 0) await output.tree(found.directory, found.files);
  return true;
};
