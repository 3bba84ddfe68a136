import { findRunlogs, readFound, printFound } from './runlog-files.ts';
import type { Action } from '../action.ts';

/** All runlogs whole, newest first, a tree each. For programs `{"directory","count","limit"}`, then `{"file","runlog"}` a line. */
export const runlogsDump: Action = async (context) => {
  const { output } = context;
  const found = findRunlogs(context);
  printFound(found, context);
  for (const one of readFound(found, context)) {
    output.object(one);
    await output.tree(one.file, one.runlog);
  }
  return true;
};
