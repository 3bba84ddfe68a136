import { closeSync, ftruncateSync } from 'node:fs';
import { Database } from '../store/embedded/database.ts';
import { createTemporaryFile, unlinkFile } from './sorted/temporary-file.ts';

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
    const { path, file } = createTemporaryFile(directory);
    this.#path = path;
    this.#file = file;
    this.db = new Database(this.#path);
    // Sorting for an index uses files, too: the engine as it was built would do it in memory.
    this.db.exec(
      `PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = FILE;
       PRAGMA cache_size = -${CACHE_KIB}; BEGIN; ${tables}`,
    );
    unlinkFile(this.#path);
  }

  close(): void {
    this.db.close();
    // The engine keeps the file open until its statements are collected as garbage, which must not keep the space.
    ftruncateSync(this.#file);
    closeSync(this.#file);
    unlinkFile(this.#path);
  }
}
