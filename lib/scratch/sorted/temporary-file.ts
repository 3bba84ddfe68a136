import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../system/make-folder.ts';
import { messageOf, UserError } from '../../model/user-error.ts';
import { BufferPool } from './buffer-pool.ts';

/**
 * An append-only file that is unlinked as soon as it is open, so that a process that is killed leaves nothing behind.
 */
export class TemporaryFile {
  readonly buffers: BufferPool;
  readonly #directory: string;
  readonly #file: number;
  #length = 0;

  /**
   * @param directory created when missing
   * @param buffers hold what is in memory of the file; released when it is closed
   * @throws UserError when the folder cannot be written to
   */
  constructor(directory: string, buffers = new BufferPool()) {
    this.#directory = directory;
    this.buffers = buffers;
    const { path, file } = createTemporaryFile(directory);
    this.#file = file;
    unlinkFile(path);
  }

  /** Number of bytes, which is the position of the next ones. */
  get length(): number {
    return this.#length;
  }

  /** @throws UserError when the disk is full or fails */
  append(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) {
      done += this.#guard('written', () =>
        writeSync(this.#file, bytes, done, bytes.length - done, this.#length + done),
      );
    }
    this.#length += bytes.length;
  }

  /**
   * Fills `target` from this position on, as far as the file reaches.
   * @returns the number of bytes read
   * @throws UserError when the disk fails
   */
  read(target: Uint8Array, position: number): number {
    let done = 0;
    while (done < target.length) {
      const more = this.#guard('read', () =>
        readSync(this.#file, target, done, target.length - done, position + done),
      );
      if (more === 0) break;
      done += more;
    }
    return done;
  }

  close(): void {
    closeSync(this.#file);
    this.buffers.release();
  }

  #guard(done: string, work: () => number): number {
    try {
      return work();
    } catch (error) {
      throw new UserError(
        {
          what: `a temporary file cannot be ${done}: ${messageOf(error)}`,
          where: this.#directory,
          hint: HINT,
        },
        { cause: error },
      );
    }
  }
}

const HINT = 'check that the folder can be written and its disk has space';

/**
 * Creates a file with a unique name.
 * @throws UserError when the folder cannot be written to
 */
export function createTemporaryFile(directory: string): { readonly path: string; readonly file: number } {
  const path = join(directory, `.mentat-reporter-${randomUUID()}.tmp`);
  try {
    makeFolder(directory);
    return { path, file: openSync(path, 'wx+', 0o600) };
  } catch (error) {
    throw new UserError(
      { what: `no temporary file can be created: ${messageOf(error)}`, where: directory, hint: HINT },
      { cause: error },
    );
  }
}

/** Unlinks an open file. */
export function unlinkFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Not every system can unlink an open file.
  }
}
