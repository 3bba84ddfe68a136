import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'libsql';
import { messageOf, UserError } from '../model/user-error.ts';

/** A lock that is held. */
export interface Lock {
  release(): void;
}

/** Milliseconds between two tries. */
const STEP = 100;

/**
 * Takes the lock that a file stands for: an exclusive transaction on an empty SQLite file, which the kernel ends when its process dies,
 * however it dies. The file stays; it says nothing. Other work of this process goes on while it waits.
 * @param timeout seconds to wait for another holder
 * @param stop ends the waiting, with its reason
 * @throws UserError when another process still holds it then, or the file cannot be made
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
    what: `another reporter is at work (waited ${timeout} s for the lock)`,
    where: path,
    hint: 'nothing is lost: the next run takes up what is due',
  });
}

/** The lock, or undefined while another holds it. */
function tryLock(path: string): Lock | undefined {
  const database = opened(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => database.close() };
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code?.startsWith('SQLITE_BUSY') === true) return undefined;
    throw unusable(path, error);
  }
}

function opened(path: string): Database.Database {
  try {
    return new Database(path, { timeout: 0 });
  } catch (error) {
    throw unusable(path, error);
  }
}

function unusable(path: string, cause: unknown): UserError {
  return new UserError({ what: 'cannot make the lock file', where: path, hint: messageOf(cause) }, { cause });
}
