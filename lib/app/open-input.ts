import { createReadStream } from 'node:fs';
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
