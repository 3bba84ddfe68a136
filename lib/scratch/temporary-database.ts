import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UserError } from '../model/user-error.ts';
import { Database } from '../store/embedded/database.ts';

/** 16 MB of pages; what does not fit goes to the medium. */
const CACHE_KIB = 16_000;

/**
 * A database that nobody needs after this process, with no regard to crashes. Its file loses its name as soon as it is open, so that
 * a process that is killed leaves nothing behind, and its space when it is closed.
 */
export class TemporaryDatabase {
  readonly db: Database;
  readonly #path: string;
  readonly #file: number;

  /**
   * @param directory made when missing
   * @throws UserError when nothing can be written there
   */
  constructor(directory: string, tables: string) {
    this.#path = join(directory, `.mentat-reporter-${randomUUID()}.tmp`);
    this.#file = createFile(directory, this.#path);
    this.db = new Database(this.#path);
    // Sorting for an index uses files, too: the engine as it was built would do it in memory.
    this.db.exec(
      `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = FILE;
       PRAGMA cache_size = -${CACHE_KIB}; BEGIN; ${tables}`,
    );
    this.#unlink();
  }

  close(): void {
    this.db.close();
    // The engine keeps the file open until its statements are collected as garbage, which must not keep the space.
    ftruncateSync(this.#file);
    closeSync(this.#file);
    this.#unlink();
  }

  #unlink(): void {
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // Not every system lets go of the name of an open file.
    }
  }
}

function createFile(directory: string, path: string): number {
  try {
    mkdirSync(directory, { recursive: true });
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    const hint = 'check that the folder can be written and its medium has space';
    throw new UserError(
      { what: `no temporary file can be made: ${messageOf(error)}`, where: directory, hint },
      { cause: error },
    );
  }
}
