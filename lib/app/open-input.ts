import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { unreadable } from './config/files.ts';
import type { Io } from './io.ts';

/** The bytes of a file, or of stdin for `-`. A file that cannot be read is a fault when the first byte is asked for. */
export async function* openInput(path: string, io: Pick<Io, 'stdin'>): AsyncGenerator<Uint8Array> {
  if (path === '-') {
    yield* io.stdin;
    return;
  }
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Makes sure that {@link openInput} will find something to read.
 * @throws UserError when it will not
 */
export async function demandInput(path: string): Promise<void> {
  if (path === '-') return;
  try {
    const file = await open(path);
    try {
      if ((await file.stat()).isDirectory()) throw new Error('it is a directory');
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}
