import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../system/make-folder.ts';
import { messageOf, UserError } from '../model/user-error.ts';
import type { Configuration } from './load.ts';
import { leavesRunlog, lockFileOf, logFileOf, runlogDirOf, stateFileOf, storePlaceOf } from './options.ts';

/**
 * Creates the default folders; those that a person names must exist already. A dry run
 * makes none.
 * @throws UserError when one cannot be made
 */
export function makeOwnFolders(configuration: Configuration): void {
  const { config } = configuration;
  if (config.dry_run !== undefined) return;
  const own = [
    config.log_file === undefined ? logFileOf(configuration) : undefined,
    ownStoreOf(configuration),
    config.lock_file === undefined ? lockFileOf(configuration) : undefined,
  ];
  for (const folder of new Set(own.filter((path) => path !== undefined).map(dirname))) {
    make(folder, 'or say where with store, log_file and lock_file');
  }
}

/**
 * Checks before a run that its records can be written after it: creates the folder of runlogs, and checks those of the state and the
 * metrics. A dry run has one folder for all that it writes.
 * @throws UserError when one is missing or cannot be written
 */
export function requireRecordFolders(configuration: Configuration): void {
  const { config } = configuration;
  if (config.dry_run !== undefined) {
    make(config.dry_run, 'name another one with --dry-run', PRIVATE);
    return;
  }
  const runlogs = leavesRunlog(configuration) ? runlogDirOf(configuration) : undefined;
  if (runlogs !== undefined) make(runlogs, 'or say where with runlog_dir, empty for none');
  const { metrics_file: metrics } = config;
  const written = config.regular ? [stateFileOf(configuration), metrics === '' ? undefined : metrics] : [];
  const folders = written.filter((path) => path !== undefined).map(dirname);
  for (const folder of [...(runlogs === undefined ? [] : [runlogs]), ...folders]) requireWritable(folder);
  if (config.regular && metrics !== undefined && isFolder(metrics)) {
    throw new UserError({
      what: 'is a folder',
      where: metrics,
      expected: 'the name of a file for the metrics',
    });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Mails and reports are for those of the same group at most. */
const PRIVATE = 0o750;

function make(folder: string, remedy: string, mode?: number): void {
  try {
    makeFolder(folder, mode);
  } catch (cause) {
    const hint = `${remedy}; ${messageOf(cause)}`;
    throw new UserError({ what: 'cannot make the folder', where: folder, hint }, { cause });
  }
}

function requireWritable(folder: string): void {
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is no directory');
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new UserError(
      { what: 'cannot write into the folder', where: folder, hint: messageOf(cause) },
      { cause },
    );
  }
}

/** The embedded store's file, when its place is of our own choosing. */
function ownStoreOf(configuration: Configuration): string | undefined {
  const { uri } = storePlaceOf(configuration);
  return configuration.config.store === undefined && uri.startsWith('sqlite:')
    ? uri.slice('sqlite:'.length)
    : undefined;
}
