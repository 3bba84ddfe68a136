import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { takeLock } from '../../../lib/system/lock.ts';
import { openEmbeddedStore } from '../../../lib/store/embedded/index.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

type Holder = ChildProcessByStdio<null, Readable, null>;

/** Takes the lock, prints a line, and holds it until it is killed. */
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
    error instanceof UserError && error.message.includes('another reporter is running');

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
    const waiters = [start(600), start(600)];
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
    const waiting = takeLock(path, 600);
    await new Promise((resolve) => setImmediate(resolve));
    lock.release();
    (await waiting).release();
  });

  it('is no longer waited for after a request to stop, whose reason is the error', async () => {
    const lock = await takeLock(path, 0);
    const stop = new AbortController();
    const waiting = takeLock(path, 600, stop.signal);
    stop.abort(new Error('ended by SIGTERM'));
    await assert.rejects(waiting, /ended by SIGTERM/);
    lock.release();
  });

  it('names a place where no file can be made', async () => {
    await assert.rejects(takeLock(folder.at('no/such/run.lock'), 0), /cannot make the lock file/);
    await assert.rejects(
      takeLock(join(folder.write('file', ''), 'run.lock'), 0),
      /cannot make the lock file/,
    );
  });

  it('refuses, and leaves as it is, a file that is no lock', async () => {
    const text = 'not empty, and no database at all: '.repeat(50);
    const notes = folder.write('notes', text);
    const database = folder.at('store.db');
    await openEmbeddedStore(database).close();
    for (const path of [notes, database])
      await assert.rejects(
        takeLock(path, 0),
        /this is no lock of the reporter, got "\d+ bytes", expected an empty file/,
      );
    assert.equal(readFileSync(notes, 'utf8'), text);
    await openEmbeddedStore(database).close();
    await assert.rejects(takeLock(folder.path, 0), /this is no lock of the reporter, got "a folder"/);
  });
});
