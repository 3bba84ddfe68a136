import { statSync, type Stats } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { formatCount } from '../model/text/format.ts';
import { messageOf, UserError } from '../model/user-error.ts';

/** A lock that this process holds. */
export interface Lock {
  release(): void;
}

/** Milliseconds between two tries. */
const STEP = 100;

/**
 * Takes the lock of a file: an exclusive transaction on an empty SQLite file, which the kernel ends with the process. The empty file
 * stays. Waiting does not block this process.
 * @param timeout seconds to wait for another holder
 * @param stop ends the waiting, with its reason
 * @throws UserError when another process still holds the lock, the file is no lock, or it cannot be made
 */
export async function takeLock(path: string, timeout: number, stop?: AbortSignal): Promise<Lock> {
  const tries = Math.ceil((timeout * 1000) / STEP);
  for (let left = tries; ; left--) {
    const lock = tryLock(path);
    if (lock !== undefined) return lock;
    if (left <= 0) break;
    await sleep(STEP);
    stop?.throwIfAborted();
  }
  throw new UserError({
    what: `another reporter is running (waited ${timeout} s for the lock)`,
    where: path,
    hint: 'nothing is lost: the next run takes up what is due',
  });
}

/**
 * Takes the lock without waiting; undefined while another process holds it.
 * @throws UserError when the file is no lock, or cannot be made
 */
export function tryLock(path: string): Lock | undefined {
  requireLockFile(path);
  const database = openDatabase(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY') === true) return undefined;
    throw unusable(path, error);
  }
}

/** Only an empty file can be a lock: anything else is somebody's data, perhaps the store itself. */
function requireLockFile(path: string): void {
  let stat: Stats;
  try {
    stat = statSync(path);
  } catch {
    return; // Missing, or opening it says why it cannot be used.
  }
  if (stat.isFile() && stat.size === 0) return;
  throw new UserError({
    what: 'this is no lock of the reporter',
    where: path,
    got: stat.isDirectory() ? 'a folder' : stat.isFile() ? formatCount(stat.size, 'byte') : 'no regular file',
    expected: 'an empty file, or none',
    hint: 'name another place with lock_file, or remove the file if nobody needs it',
  });
}

function openDatabase(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 0 });
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): UserError {
  return new UserError({ what: 'cannot make the lock file', where: path, hint: messageOf(cause) }, { cause });
}
