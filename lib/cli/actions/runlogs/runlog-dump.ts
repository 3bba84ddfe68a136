import { selectedRunlog } from './runlog-files.ts';
import type { Action } from '../action.ts';

/** A whole runlog, that of `--input` or the newest one, as a tree; for programs `{"file","runlog"}`, nothing when there is none. */
export const runlogDump: Action = async (context) => {
  const found = selectedRunlog(context);
  if (found === undefined) return true;
  context.output.object(found);
  await context.output.tree(`Runlog ${found.file}`, found.runlog);
  return true;
};
