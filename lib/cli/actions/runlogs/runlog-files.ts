import { messageOf, UserError } from '../../../model/user-error.ts';
import type { ActionContext } from '../action.ts';
import { maskValue } from '../../../model/text/mask.ts';
import { runlogDirOf } from '../../../config/options.ts';
import { cell } from '../../output.ts';
import { listRunlogs, readRunlog } from '../../../observe/runlog/files.ts';

/** A runlog that was found; credentials in it are masked. */
export interface FoundRunlog {
  readonly file: string;
  readonly runlog: Readonly<Record<string, unknown>>;
}

/** The folder of runlogs and the files in it, newest first, at most `--limit`. */
export interface FoundRunlogs {
  readonly directory: string;
  /** How many there are, also those beyond the limit. */
  readonly count: number;
  readonly files: readonly string[];
}

/** @throws UserError when there is no such folder by configuration, or it cannot be read */
export function findRunlogs({ configuration }: Pick<ActionContext, 'configuration'>): FoundRunlogs {
  const directory = runlogDirOf(configuration);
  if (directory === undefined)
    throw new UserError({ what: 'no runlogs are kept', where: 'runlog_dir', got: '' });
  const all = listRunlogs(directory);
  const { limit = 0 } = configuration.config;
  return { directory, count: all.length, files: limit === 0 ? all : all.slice(0, limit) };
}

/** What stands above every list of runlogs: the folder, how many there are, and the limit. */
export function printFound(
  { directory, count }: FoundRunlogs,
  { configuration, output }: Pick<ActionContext, 'configuration' | 'output'>,
): void {
  const { limit = 0 } = configuration.config;
  output.object({ directory, count, limit: limit === 0 ? null : limit });
  output.line(output.colors.bold(`Runlogs in ${cell(directory)}`));
  output.line(`Number of runlogs: ${count}`);
  if (limit !== 0) output.line(`Limit: ${limit}`);
}

/** Reads runlogs; those that cannot be read are named and left out. */
export function readFound(
  { files }: FoundRunlogs,
  { log }: Pick<ActionContext, 'log'>,
): readonly FoundRunlog[] {
  return files.flatMap((file) => {
    try {
      return [readOne(file)];
    } catch (error) {
      log.warning(`left out: ${messageOf(error)}`);
      return [];
    }
  });
}

/**
 * The runlog that `--input` names, else the newest one; undefined, after a line that says so, when there is none.
 * @throws UserError when it cannot be read
 */
export function selectedRunlog(context: ActionContext): FoundRunlog | undefined {
  const { input } = context.configuration.config;
  if (input !== undefined) return readOne(input);
  const found = findRunlogs(context);
  const [newest] = found.files;
  if (newest !== undefined) return readOne(newest);
  context.output.line(`There are no runlogs in ${cell(found.directory)}.`);
  return undefined;
}

function readOne(file: string): FoundRunlog {
  return { file, runlog: maskValue(readRunlog(file)) as FoundRunlog['runlog'] };
}
