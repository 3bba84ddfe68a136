import { constants, createReadStream, openSync, statSync } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { UserError } from '../model/user-error.ts';
import { unreadable } from './config-file.ts';
import type { Io } from './io.ts';

/**
 * The bytes of a file, or of stdin for `-`. A file that cannot be read is a problem when the first byte is asked for.
 * @param stop ends the reading, with its reason as the error: stdin may never end by itself
 */
export async function* openInput(
  path: string,
  io: Pick<Io, 'stdin'>,
  stop?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? io.stdin : isPipe(path) ? pipeAt(path) : createReadStream(path);
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

/** Whether the input can be read only once: a named pipe, or one that a shell passes as a file. */
export function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO();
  } catch {
    return false; // The reader reports why it cannot be read.
  }
}

/** Opens a named pipe without blocking: a blocking open would wait for a writer in a thread that no signal reaches. */
function pipeAt(path: string): Readable {
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
}

/**
 * Checks that {@link openInput} can read the path, without opening it: a pipe's writer would take that for the reader.
 * @throws UserError when it cannot be read
 */
export async function requireInput(path: string): Promise<void> {
  if (path === '-') return;
  try {
    await access(path, constants.R_OK);
    if ((await stat(path)).isDirectory()) throw new Error('it is a directory');
  } catch (error) {
    throw unreadable(path, error);
  }
}
