import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { takeLock } from '../../../lib/system/lock.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

type Holder = ChildProcessByStdio<null, Readable, null>;

/** Takes the lock, says so, and holds it until it is killed. */
const HOLDER = `
  const { takeLock } = await import(process.argv[1]);
  await takeLock(process.argv[2], Number(process.argv[3]));
  console.log('held');
  setInterval(() => {}, 1000);
`;
const MODULE = new URL('../../../lib/system/lock.js', import.meta.url).href;

describe('the run lock', () => {
  let folder: Folder;
  let path: string;
  let children: Holder[];
  beforeEach(() => {
    folder = makeFolder();
    path = folder.at('run.lock');
    children = [];
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    folder.remove();
  });

  const start = (timeout: number): Holder => {
    const args = ['--input-type=module', '-e', HOLDER, MODULE, path, String(timeout)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    return child;
  };
  const isBusy = (error: unknown): boolean =>
    error instanceof UserError && error.message.includes('another reporter is at work');

  it('is held once', async () => {
    const lock = await takeLock(path, 0);
    await assert.rejects(takeLock(path, 0), isBusy);
    lock.release();
    (await takeLock(path, 0)).release();
  });

  it('keeps out another process', async () => {
    const holder = start(0);
    await once(holder.stdout, 'data');
    await assert.rejects(takeLock(path, 0.2), isBusy);
  });

  it('goes to one waiter at a time, and on when a holder is killed', async () => {
    const first = start(0);
    await once(first.stdout, 'data');
    const waiters = [start(10), start(10)];
    const held = waiters.map(async (child) => {
      await once(child.stdout, 'data');
      return child;
    });
    first.kill('SIGKILL');
    const second = await Promise.race(held);
    await assert.rejects(takeLock(path, 0), isBusy);
    second.kill('SIGKILL');
    await Promise.all(held);
  });

  it('lets other work go on while it waits', async () => {
    const lock = await takeLock(path, 0);
    const waiting = takeLock(path, 5);
    await new Promise((resolve) => setImmediate(resolve));
    lock.release();
    (await waiting).release();
  });

  it('is waited for no longer once an end is wished for, with the reason of that', async () => {
    const lock = await takeLock(path, 0);
    const wish = new AbortController();
    const waiting = takeLock(path, 600, wish.signal);
    wish.abort(new Error('ended by SIGTERM'));
    await assert.rejects(waiting, /ended by SIGTERM/);
    lock.release();
  });

  it('names a place where no file can be made', async () => {
    await assert.rejects(takeLock(folder.at('no/such/run.lock'), 0), /cannot make the lock file/);
    await assert.rejects(
      takeLock(folder.write('file', 'not empty, and no database at all: '.repeat(50)), 0),
      /cannot make the lock file/,
    );
  });
});
