import Libsql from 'libsql';
import { toUserError } from './errors.ts';

/** A value of a column or parameter. No booleans: the engine aborts the process on one. */
export type Value = string | number | null | Uint8Array;
export type Row = readonly Value[];

export interface RunResult {
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/** The part of libsql that is used here; the package has no type declarations. */
interface NativeStatement {
  readonly reader: boolean;
  raw(on: boolean): this;
  run(parameters: readonly Value[]): RunResult;
  get(parameters: readonly Value[]): unknown;
  all(parameters: readonly Value[]): unknown[];
}

interface NativeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NativeStatement;
  close(): void;
}

/** How long a writer waits for another one, milliseconds. */
const BUSY_TIMEOUT = 30_000;

/**
 * A synchronous connection to an SQLite file, with rows as arrays. Problems that a person can solve are thrown as a UserError that names the
 * file. There is no iterator: an abandoned one would keep its snapshot, and with it the file's log, until it is garbage-collected. Long
 * results are read in pages.
 */
export class Database {
  /** Name of the store for messages. */
  readonly where: string;
  readonly #native: NativeDatabase;
  #synchronous = '';

  /** @param busyTimeout how long to wait for another writer, milliseconds */
  constructor(file: string, where = file, busyTimeout = BUSY_TIMEOUT) {
    this.where = where;
    this.#native = this.#guard(() => new Libsql(file) as unknown as NativeDatabase);
    this.exec(`PRAGMA busy_timeout = ${busyTimeout}`);
  }

  exec(sql: string): void {
    this.#guard(() => this.#native.exec(sql));
  }

  prepare<R extends Row>(sql: string): Statement<R> {
    return this.#guard(() => new Statement<R>(this.#native.prepare(sql), this.where));
  }

  /**
   * Runs `work` in one transaction, after waiting for other writers.
   * @param durable false: a power failure may undo the transaction, together with all later ones
   */
  write<T>(work: () => T, durable = true): T {
    this.#setSynchronous(durable ? 'FULL' : 'NORMAL');
    this.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.exec('COMMIT');
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  close(): void {
    this.#guard(() => this.#native.close());
  }

  #setSynchronous(mode: string): void {
    if (mode === this.#synchronous) return;
    this.exec(`PRAGMA synchronous = ${mode}`);
    this.#synchronous = mode;
  }

  #rollBack(): void {
    try {
      this.#native.exec('ROLLBACK');
    } catch {
      // The engine has rolled back already, as it does when the disk is full.
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toUserError(error, this.where);
    }
  }
}

/** A prepared statement. */
export class Statement<R extends Row> {
  readonly #native: NativeStatement;
  readonly #where: string;

  constructor(native: NativeStatement, where: string) {
    this.#native = native.reader ? native.raw(true) : native;
    this.#where = where;
  }

  run(...parameters: Value[]): RunResult {
    try {
      return this.#native.run(parameters);
    } catch (error) {
      throw toUserError(error, this.#where);
    }
  }

  /** The first row. */
  get(...parameters: Value[]): R | undefined {
    try {
      return this.#native.get(parameters) as R | undefined;
    } catch (error) {
      throw toUserError(error, this.#where);
    }
  }

  /** All rows; only for results of bounded size. */
  all(...parameters: Value[]): R[] {
    try {
      return this.#native.all(parameters) as R[];
    } catch (error) {
      throw toUserError(error, this.#where);
    }
  }
}
