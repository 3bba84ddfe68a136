import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, UserError } from '../model/user-error.ts';
import type { Environment } from './io.ts';
import { takeLock, type Lock } from './lock.ts';

/** A folder for what a run has to put aside, its own until it is removed. */
export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

const PREFIX = 'mentat-reporter-';
const NAME = /^mentat-reporter-[A-Za-z0-9]{6}$/;
/** A lock in the folder, which the kernel ends with its process: so it is told whose owner was killed. */
const ALIVE = 'alive';
const TRIES = 5;

/**
 * Makes a folder of one's own, and removes those of ours whose processes were killed.
 * @throws UserError when none can be made
 */
export async function makeScratchFolder(environment: Environment): Promise<ScratchFolder> {
  const root = scratchRoot(environment);
  try {
    await sweep(root);
    for (let left = TRIES; ; left--) {
      const path = await mkdtemp(join(root, PREFIX));
      // Another process that cleans up may have been faster than our lock, and taken the folder for a dead one's.
      const lock = await lockOf(path);
      if (lock !== undefined) return { path, remove: () => remove(path, lock) };
      if (left === 0) throw new Error('it cannot be locked');
    }
  } catch (cause) {
    const hint = `${messageOf(cause)}; TMPDIR names another place`;
    throw new UserError({ what: 'cannot make a folder for temporary files', where: root, hint }, { cause });
  }
}

async function sweep(root: string): Promise<void> {
  for (const name of readdirSync(root).filter((name) => NAME.test(name))) {
    const path = join(root, name);
    const lock = isOurs(path) ? await lockOf(path) : undefined;
    // What cannot be removed is in nobody's way.
    if (lock !== undefined) await remove(path, lock).catch(() => undefined);
  }
}

/** Everybody may write where temporary files go: what others have put there is none of our business. */
function isOurs(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === process.getuid?.();
}

function lockOf(path: string): Promise<Lock | undefined> {
  return takeLock(join(path, ALIVE), 0).catch(() => undefined);
}

async function remove(path: string, lock: Lock): Promise<void> {
  await rm(path, { recursive: true, force: true });
  lock.release();
}

/** Where scratch files go. They can take several times what a day's events take, so not into a `/tmp` that may well be memory, unless told to. */
function scratchRoot({ TMPDIR }: Environment): string {
  return TMPDIR ?? (existsSync('/var/tmp') ? '/var/tmp' : tmpdir());
}
