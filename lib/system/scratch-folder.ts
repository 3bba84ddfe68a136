import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, UserError } from '../model/user-error.ts';
import type { Environment } from './io.ts';
import { tryLock, type Lock } from './lock.ts';

/** A folder for the temporary files of one run. */
export interface ScratchFolder {
  readonly path: string;
  /** Rejects when something cannot be deleted; a later run tries again. */
  remove(): Promise<void>;
}

const PREFIX = 'mentat-reporter-run-';
const LOCK_NAME = /^mentat-reporter-run-[0-9a-f-]{36}\.lock$/;
const TRIES = 5;
/** Such as the carriage return of a file with Windows line ends. */
const CONTROL = /\p{Cc}/u;

/*
 * Each folder has a lock file beside it, which the kernel releases with its process. The lock is taken before the folder is made and deleted
 * after it, and whoever holds it is the only one to touch the folder: the run itself, or, after a kill, the run that cleans up. Nobody
 * writes into the folder of another, so that removing one cannot fail because of another run.
 */

/**
 * Makes a folder for this run, and removes those of killed runs.
 * @throws UserError when none can be made
 */
export async function makeScratchFolder(environment: Environment): Promise<ScratchFolder> {
  const root = scratchRoot(environment);
  try {
    await removeOrphans(root);
    for (let left = TRIES; ; left--) {
      const path = join(root, PREFIX + randomUUID());
      const lock = tryLock(lockFileOf(path));
      // Another run that cleans up may have taken the new lock file for an orphan's and deleted it.
      if (lock !== undefined && existsSync(lockFileOf(path))) {
        await mkdir(path, { mode: 0o700 });
        return { path, remove: () => remove(path, lock) };
      }
      lock?.release();
      if (left === 0) throw new Error('it cannot be locked');
    }
  } catch (cause) {
    const hint = `${messageOf(cause)}; TMPDIR names another place`;
    throw new UserError({ what: 'cannot make a folder for temporary files', where: root, hint }, { cause });
  }
}

/** Never rejects: what cannot be removed is left to later runs. */
async function removeOrphans(root: string): Promise<void> {
  for (const name of namesIn(root).filter((name) => LOCK_NAME.test(name))) {
    const path = join(root, name.slice(0, -'.lock'.length));
    try {
      const lock = isOwnFile(join(root, name)) ? tryLock(lockFileOf(path)) : undefined;
      if (lock !== undefined) await remove(path, lock);
    } catch {
      // A later run tries again.
    }
  }
}

/** Nothing where the folder cannot be listed: `/tmp` may be writable only. */
function namesIn(root: string): readonly string[] {
  try {
    return readdirSync(root);
  } catch {
    return [];
  }
}

/** Temporary folders are shared: files of other users are left alone. */
function isOwnFile(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isFile() === true && stat.uid === process.getuid?.();
}

function lockFileOf(path: string): string {
  return `${path}.lock`;
}

async function remove(path: string, lock: Lock): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    await rm(lockFileOf(path), { force: true });
  } finally {
    lock.release();
  }
}

/** By default not `/tmp`, which may be in memory: scratch files take several times the size of a day's events. */
function scratchRoot({ TMPDIR = '' }: Environment): string {
  if (CONTROL.test(TMPDIR))
    throw new UserError({
      what: 'control characters in a path',
      where: 'TMPDIR',
      got: TMPDIR,
      expected: 'the path of a folder',
    });
  if (TMPDIR !== '') return TMPDIR;
  return existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
}
