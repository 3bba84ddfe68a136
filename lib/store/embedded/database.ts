import Libsql from 'libsql';
import { toUserError } from './errors.ts';

/** What a column or a parameter holds. The engine ends the process on a boolean, which this type keeps out. */
export type Value = string | number | null | Uint8Array;
export type Row = readonly Value[];

export interface RunResult {
  readonly changes: number;
  readonly lastInsertRowid: number;
}

/** The part of libsql that is used here; its own declarations belong to another package. */
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

/** How long a writer waits for another one, milliseconds. Writers hold the file for one short transaction each. */
const BUSY_TIMEOUT = 30_000;

/**
 * One connection to an SQLite file: synchronous, rows as arrays. Every problem that a person can mend is thrown as a UserError that names the
 * file. There is deliberately no iterator: an abandoned one would keep its snapshot, and with it the file's log, until it is collected
 * as garbage. Long results are read in pages.
 */
export class Database {
  /** For people. */
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
   * Runs `work` in one transaction, after waiting for other writers; all of it takes place, or nothing.
   * @param durable false: what was written may be lost in a power failure, but never without everything that was written after it
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
      // The engine has rolled back by itself, as it does when the medium is full.
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

  /** Every row: for results of known bounds only. */
  all(...parameters: Value[]): R[] {
    try {
      return this.#native.all(parameters) as R[];
    } catch (error) {
      throw toUserError(error, this.#where);
    }
  }
}
