import { networkFileSystemOf } from '../../system/network-file-system.ts';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../../system/make-folder.ts';
import { messageOf, UserError } from '../../model/user-error.ts';
import type { Store } from '../port.ts';
import { asPromise } from './async.ts';
import { Database } from './database.ts';
import { EmbeddedEvents } from './events.ts';
import { EmbeddedGroups } from './groups.ts';
import { EmbeddedJournal } from './journal.ts';
import { EmbeddedLanes } from './lanes.ts';
import { EmbeddedOutbox } from './outbox.ts';
import { EmbeddedReports } from './reports.ts';
import { prepareSchema } from './schema.ts';
import { EmbeddedSecret } from './secret.ts';

export interface EmbeddedOptions {
  /** True: nothing is written, and the store has to exist. */
  readonly readOnly?: boolean;
  /** Source of the installation's secret when there is none yet. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** Page cache in KiB, negative as SQLite has it: a larger one made nothing faster. */
const CACHE = -4_000;

/** Pages of the log before a checkpoint: 32 MB make importing a sixth faster than the default of 4 MB. */
const LOG_PAGES = 8000;

/**
 * Opens the store in an SQLite file; file, folder and tables are created when missing. Several processes may use it at a time.
 * @throws UserError when the file cannot be opened, or belongs to another program or version
 */
export function openEmbeddedStore(path: string, options: EmbeddedOptions = {}): Store {
  const { readOnly = false, random = randomBytes } = options;
  const name = `sqlite:${path}`;
  if (readOnly) requireFile(path, name);
  else createFolderOf(path, name);
  const db = new Database(path, name);
  try {
    // With a write-ahead log the file can be read while another process writes to it.
    if (!readOnly) db.exec('PRAGMA journal_mode = WAL');
    db.exec(
      `PRAGMA cache_size = ${CACHE}; PRAGMA wal_autocheckpoint = ${LOG_PAGES}; PRAGMA foreign_keys = ON`,
    );
    prepareSchema(db, readOnly);
    if (readOnly) db.exec('PRAGMA query_only = ON');
    return createStore(db, name, new EmbeddedSecret(db, random, readOnly));
  } catch (error) {
    db.close();
    throw error;
  }
}

function createStore(db: Database, name: string, secret: EmbeddedSecret): Store {
  return {
    name,
    events: new EmbeddedEvents(db),
    groups: new EmbeddedGroups(db),
    lanes: new EmbeddedLanes(db),
    journal: new EmbeddedJournal(db),
    reports: new EmbeddedReports(db),
    outbox: new EmbeddedOutbox(db),
    secret: () => asPromise(() => secret.get()),
    warnings: () => Promise.resolve(sharedWarnings(name.replace(/^sqlite:/, ''))),
    close: () =>
      asPromise(() => {
        tidy(db);
        db.close();
      }),
  };
}

/** Locks of SQLite do not hold between hosts. */
function sharedWarnings(path: string): string[] {
  const kind = networkFileSystemOf(path);
  if (kind === undefined) return [];
  return [
    `the store ${path} is on a network file system (${kind}): two hosts at once would damage it; use a local disk, or MongoDB`,
  ];
}

/** Moves the log into the file, so that the file alone is the store, unless another process is using it. */
function tidy(db: Database): void {
  try {
    db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // The next process that opens the file reads the log, too.
  }
}

function requireFile(path: string, where: string): void {
  if (!existsSync(path))
    throw new UserError({ what: 'there is no store', where, hint: '--action store-init makes one' });
}

function createFolderOf(path: string, where: string): void {
  try {
    makeFolder(dirname(path));
  } catch (error) {
    const what = `the folder of the store cannot be created: ${messageOf(error)}`;
    throw new UserError({ what, where, hint: 'name another place, or make the folder' }, { cause: error });
  }
}
