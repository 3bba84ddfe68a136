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
  /** True: nothing is written, and the store has to be there. */
  readonly readOnly?: boolean;
  /** Where the installation's secret comes from when there is none yet: so many bytes. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** 4 MB of pages, in units of KiB: a larger one made nothing faster, and a run that reports fills whatever it is given. */
const CACHE = -4_000;

/** Pages in the log before they are moved into the file: 32 MB, which makes importing a sixth faster than the engine's own 4 MB. */
const LOG_PAGES = 8000;

/**
 * Opens the store that lies in one SQLite file; file, folder and tables are made when missing. A store at
 * `:memory:` is gone once it is closed. Several processes may use it at a time.
 * @throws UserError when the file cannot be opened, is none of ours, or of a newer version
 */
export function openEmbeddedStore(path: string, options: EmbeddedOptions = {}): Store {
  const { readOnly = false, random = randomBytes } = options;
  const name = `sqlite:${path}`;
  if (readOnly) demandFile(path, name);
  else makeFolderOf(path, name);
  const db = new Database(path, name);
  try {
    // Written ahead, the file can be read while another process writes to it.
    if (!readOnly) db.exec('PRAGMA journal_mode = WAL');
    db.exec(
      `PRAGMA cache_size = ${CACHE}; PRAGMA wal_autocheckpoint = ${LOG_PAGES}; PRAGMA foreign_keys = ON`,
    );
    prepareSchema(db, readOnly);
    if (readOnly) db.exec('PRAGMA query_only = ON');
    return storeOn(db, name, new EmbeddedSecret(db, random, readOnly));
  } catch (error) {
    db.close();
    throw error;
  }
}

function storeOn(db: Database, name: string, secret: EmbeddedSecret): Store {
  return {
    name,
    events: new EmbeddedEvents(db),
    groups: new EmbeddedGroups(db),
    lanes: new EmbeddedLanes(db),
    journal: new EmbeddedJournal(db),
    reports: new EmbeddedReports(db),
    outbox: new EmbeddedOutbox(db),
    secret: () => asPromise(() => secret.get()),
    warnings: () => Promise.resolve([]),
    close: () =>
      asPromise(() => {
        tidy(db);
        db.close();
      }),
  };
}

/** Moves what the log holds into the file, so that the file alone is the store; unless somebody else is at work. */
function tidy(db: Database): void {
  try {
    db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // The log is as good a place: whoever opens the file next reads it.
  }
}

function demandFile(path: string, where: string): void {
  if (!existsSync(path))
    throw new UserError({ what: 'there is no store', where, hint: '--action store-init makes one' });
}

function makeFolderOf(path: string, where: string): void {
  try {
    makeFolder(dirname(path));
  } catch (error) {
    const what = `the folder of the store cannot be made: ${messageOf(error)}`;
    throw new UserError({ what, where, hint: 'name another place, or make the folder' }, { cause: error });
  }
}
