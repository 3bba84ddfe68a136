import { UserError } from '../../model/user-error.ts';
import type { Database } from './database.ts';

/** Raised with every change of the tables. */
export const SCHEMA_VERSION = 2;

/** Statements that migrate tables of this version to the next one. */
const MIGRATIONS: Readonly<Record<number, string>> = {
  1: 'ALTER TABLE outbox ADD COLUMN holder TEXT',
};

/**
 * Events: heads and bodies are separate; excerpts of bodies serve most filters; a stream per (severity, test, group) holds (storage time, ID),
 * and slices are read from streams. Rows of a lane belong to a stamp (lane, run) and are live when it is not pending, so that a run's rows
 * become live, or are deleted, by one row. IDs are never reused, because a reader may hold one of a deleted row. Texts are encoded as in
 * text.ts; instants are milliseconds.
 */
const TABLES = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE groups (name TEXT PRIMARY KEY, document TEXT NOT NULL);

CREATE TABLE heads (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, storagetime INTEGER NOT NULL, severity TEXT, test INTEGER NOT NULL,
  class TEXT NOT NULL, sources TEXT NOT NULL, fallback TEXT, groups TEXT);
CREATE TABLE bodies (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE excerpts (seq INTEGER PRIMARY KEY, excerpt TEXT NOT NULL);
CREATE TABLE streams (stream INTEGER PRIMARY KEY, severity TEXT NOT NULL, test INTEGER NOT NULL, grp TEXT NOT NULL,
  UNIQUE (severity, test, grp));
CREATE TABLE event_groups (stream INTEGER NOT NULL, storagetime INTEGER NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
  PRIMARY KEY (stream, storagetime, id)) WITHOUT ROWID;

CREATE TABLE lanes (lane TEXT PRIMARY KEY, upto INTEGER, epoch INTEGER NOT NULL, run TEXT) WITHOUT ROWID;
CREATE TABLE stamps (stamp INTEGER PRIMARY KEY AUTOINCREMENT, lane TEXT NOT NULL, run TEXT NOT NULL, pending INTEGER NOT NULL,
  UNIQUE (lane, run));
CREATE INDEX stamps_run ON stamps (run);
CREATE INDEX stamps_pending ON stamps (lane, run) WHERE pending = 1;

CREATE TABLE thresholds (id INTEGER PRIMARY KEY AUTOINCREMENT, stamp INTEGER NOT NULL REFERENCES stamps ON DELETE CASCADE,
  part INTEGER NOT NULL, lane TEXT NOT NULL, thresholdtime INTEGER NOT NULL, ttl INTEGER NOT NULL, relapsetime INTEGER NOT NULL,
  keys TEXT NOT NULL, UNIQUE (stamp, part));
CREATE INDEX thresholds_lane ON thresholds (lane, ttl, thresholdtime, stamp);
CREATE TABLE held (id INTEGER PRIMARY KEY AUTOINCREMENT, stamp INTEGER NOT NULL REFERENCES stamps ON DELETE CASCADE,
  part INTEGER NOT NULL, lane TEXT NOT NULL, created INTEGER NOT NULL, keys TEXT NOT NULL, entries BLOB NOT NULL, UNIQUE (stamp, part));
CREATE INDEX held_lane ON held (lane, created, stamp);

CREATE TABLE filter_hits (stamp INTEGER NOT NULL REFERENCES stamps ON DELETE CASCADE, grp TEXT NOT NULL, filter TEXT NOT NULL,
  hits INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (stamp, grp, filter)) WITHOUT ROWID;

CREATE TABLE reports (id INTEGER PRIMARY KEY AUTOINCREMENT, stamp INTEGER NOT NULL REFERENCES stamps ON DELETE CASCADE,
  label TEXT NOT NULL, created INTEGER NOT NULL, summary TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (stamp, label));
CREATE INDEX reports_label ON reports (label);
CREATE INDEX reports_created ON reports (created);
CREATE TABLE report_entries (stamp INTEGER NOT NULL REFERENCES stamps ON DELETE CASCADE, label TEXT NOT NULL, part INTEGER NOT NULL,
  entries TEXT NOT NULL, PRIMARY KEY (stamp, label, part));

CREATE TABLE messages (stamp INTEGER NOT NULL REFERENCES stamps ON DELETE CASCADE, label TEXT NOT NULL, chunk INTEGER NOT NULL,
  bytes BLOB NOT NULL, PRIMARY KEY (stamp, label, chunk));
CREATE INDEX messages_label ON messages (label, stamp);
CREATE TABLE outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, stamp INTEGER NOT NULL REFERENCES stamps ON DELETE CASCADE,
  label TEXT NOT NULL, number INTEGER NOT NULL, recipient TEXT NOT NULL, sender TEXT NOT NULL, way TEXT NOT NULL, state TEXT NOT NULL, next INTEGER NOT NULL,
  attempt INTEGER NOT NULL, lease INTEGER, since INTEGER, reply TEXT, reason TEXT, stripped INTEGER NOT NULL, finished INTEGER, holder TEXT,
  UNIQUE (stamp, label, number));
CREATE INDEX outbox_state ON outbox (state);
`;

/**
 * Creates the tables in an empty file, migrates those of an older version, and refuses a file of another program or of a newer version.
 * @param readOnly the tables have to exist, in this version
 * @throws UserError
 */
export function prepareSchema(db: Database, readOnly: boolean): void {
  const found = versionOf(db);
  if (found === SCHEMA_VERSION) return;
  if (readOnly || (found !== undefined && MIGRATIONS[found] === undefined)) throw refusal(db, found);
  db.write(() => {
    // Another process may have created or migrated them meanwhile.
    const now = versionOf(db);
    if (now === undefined) {
      db.exec(TABLES);
      db.prepare("INSERT INTO meta (name, value) VALUES ('schema', ?)").run(String(SCHEMA_VERSION));
      return;
    }
    for (let version = now; version < SCHEMA_VERSION; version++) db.exec(MIGRATIONS[version]!);
    db.prepare("UPDATE meta SET value = ? WHERE name = 'schema'").run(String(SCHEMA_VERSION));
  });
}

/** Undefined when the file is empty. */
function versionOf(db: Database): number | undefined {
  const tables = new Set(
    db.prepare<[string]>("SELECT name FROM sqlite_schema WHERE type = 'table'").all().flat(),
  );
  if (tables.size === 0) return undefined;
  if (!tables.has('meta') || !tables.has('stamps')) {
    const hint = 'name another file for the store';
    throw new UserError({ what: 'this database belongs to another program', where: db.where, hint });
  }
  return Number(db.prepare<[string]>("SELECT value FROM meta WHERE name = 'schema'").get()?.[0]);
}

function refusal(db: Database, found: number | undefined): UserError {
  const where = db.where;
  if (found === undefined) {
    return new UserError({
      what: 'the store is empty',
      where,
      hint: 'create it with --action store-init',
    });
  }
  return new UserError({
    what: 'the store was created by another version of this program',
    where,
    got: found,
    expected: `schema ${SCHEMA_VERSION}`,
    hint:
      MIGRATIONS[found] === undefined ? 'update the program' : 'a run, or --action store-init, updates it',
  });
}
