import { closeSync, ftruncateSync } from 'node:fs';
import { Database } from '../store/embedded/database.ts';
import { createTemporaryFile, unlinkFile } from './sorted/temporary-file.ts';

/** 16 MB of pages in memory. */
const CACHE_KIB = 16_000;

/**
 * A database without regard to crashes. Its file is unlinked as soon as it is open, so that a process that is killed leaves nothing behind,
 * and emptied when it is closed.
 */
export class TemporaryDatabase {
  readonly db: Database;
  readonly #path: string;
  readonly #file: number;

  /**
   * @param directory created when missing
   * @throws UserError when the folder cannot be written to
   */
  constructor(directory: string, tables: string) {
    const { path, file } = createTemporaryFile(directory);
    this.#path = path;
    this.#file = file;
    this.db = new Database(this.#path);
    // This build of the engine would otherwise sort in memory.
    this.db.exec(
      `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = FILE;
       PRAGMA cache_size = -${CACHE_KIB}; BEGIN; ${tables}`,
    );
    unlinkFile(this.#path);
  }

  close(): void {
    this.db.close();
    // The engine keeps the file open until its statements are garbage-collected.
    ftruncateSync(this.#file);
    closeSync(this.#file);
    unlinkFile(this.#path);
  }
}
