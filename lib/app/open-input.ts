import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { UserError } from '../model/user-error.ts';
import { unreadable } from './config/files.ts';
import type { Io } from './io.ts';

/**
 * The bytes of a file, or of stdin for `-`. A file that cannot be read is a fault when the first byte is asked for.
 * @param stop ends the reading, with its reason as the error: stdin may never end by itself
 */
export async function* openInput(
  path: string,
  io: Pick<Io, 'stdin'>,
  stop?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? io.stdin : createReadStream(path);
  const end = (): void => {
    if (stream instanceof Readable) stream.destroy(stop?.reason as Error);
  };
  if (stop?.aborted === true) end();
  stop?.addEventListener('abort', end, { once: true });
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw path === '-' || error instanceof UserError ? error : unreadable(path, error);
  } finally {
    stop?.removeEventListener('abort', end);
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
