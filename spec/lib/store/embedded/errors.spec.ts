import assert from 'node:assert/strict';
import { closeSync, copyFileSync, mkdirSync, openSync, readdirSync, statSync, writeSync } from 'node:fs';
import { after, before, beforeEach, describe, it } from 'mocha';
import { UserError } from '../../../../lib/model/user-error.ts';
import { Database } from '../../../../lib/store/embedded/database.ts';
import { toUserError } from '../../../../lib/store/embedded/errors.ts';
import { openEmbeddedStore } from '../../../../lib/store/embedded/index.ts';
import type { Store } from '../../../../lib/store/port.ts';
import { rawEvent } from '../../../support/builders.ts';
import { makeFolder, type Folder } from '../../../support/folder.ts';

/** That it is a UserError of one line which names the place. */
function says(what: RegExp, where: string) {
  return (error: unknown): true => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, what);
    assert.ok(error.message.startsWith(where) && !error.message.includes('\n'), error.message);
    assert.ok(error.problem.hint, error.message);
    return true;
  };
}

describe('lib/store/embedded problems', () => {
  let folder: Folder;
  let path: string;
  let serial = 0;
  const open: Store[] = [];
  const opened = (...parameters: Parameters<typeof openEmbeddedStore>): Store => {
    const store = openEmbeddedStore(...parameters);
    open.push(store);
    return store;
  };
  before(() => void (folder = makeFolder()));
  beforeEach(() => void (path = folder.at(`${serial++}.db`)));
  after(async () => {
    for (const store of open) await store.close();
    folder.remove();
  });

  it('problems that the driver has no name for: a folder that who reads may not write to', () => {
    const problem = toUserError({ code: 'UNKNOWN_SQLITE_ERROR_1544' }, 'sqlite:x.db');
    says(/cannot be written/, 'sqlite:x.db')(problem);
    const own = { code: 'UNKNOWN_SQLITE_ERROR_1' };
    assert.equal(toUserError(own, 'sqlite:x.db'), own);
  });

  it('a folder that cannot be created', () => {
    const file = folder.write('file', '');
    assert.throws(
      () => opened(`${file}/below/store.db`),
      says(/folder of the store cannot be created/, `sqlite:${file}`),
    );
  });

  it('a place that is no file', () => {
    mkdirSync(path);
    assert.throws(() => opened(path), says(/cannot be opened/, `sqlite:${path}`));
  });

  it('a file that is no database', () => {
    folder.write(`${serial - 1}.db`, 'Lorem ipsum dolor sit amet. '.repeat(100));
    assert.throws(() => opened(path), says(/is not an SQLite database/, `sqlite:${path}`));
  });

  it("another program's database", () => {
    const db = new Database(path);
    db.exec('CREATE TABLE contacts (name TEXT)');
    db.close();
    assert.throws(() => opened(path), says(/belongs to another program/, `sqlite:${path}`));
  });

  it("a newer version's store", () => {
    opened(path);
    const db = new Database(path);
    db.exec("UPDATE meta SET value = '3' WHERE name = 'schema'");
    db.close();
    assert.throws(() => opened(path), says(/another version.*got 3, expected schema 2/, `sqlite:${path}`));
    assert.throws(() => opened(path, { readOnly: true }), says(/another version/, `sqlite:${path}`));
  });

  it("an older version's store, where it may only be read; else it is migrated", async () => {
    await opened(path).close();
    const db = new Database(path);
    db.exec("ALTER TABLE outbox DROP COLUMN holder; UPDATE meta SET value = '1' WHERE name = 'schema'");
    db.close();
    assert.throws(
      () => opened(path, { readOnly: true }),
      says(/another version.*store-init/, `sqlite:${path}`),
    );
    assert.deepEqual(await opened(path).outbox.list(), []);
    assert.deepEqual(await opened(path, { readOnly: true }).outbox.list(), []);
  });

  it('a damaged file', async () => {
    const store = opened(path);
    const events = Array.from({ length: 300 }, (_, i) => rawEvent({ id: `id-${i}` }));
    await store.events.insert(events);
    await store.close();
    const damaged = folder.at('damaged.db');
    copyFileSync(path, damaged);
    const file = openSync(damaged, 'r+');
    for (let page = 40; page < statSync(damaged).size / 4096; page++)
      writeSync(file, Buffer.alloc(4096, 0x5a), 0, 4096, page * 4096);
    closeSync(file);
    const again = opened(damaged);
    const read = async () => {
      const found = await again.events.byId(events.map((raw) => raw['ID'] as string));
      for (const event of found.values()) event.bodyText();
    };
    await assert.rejects(read(), says(/damaged/, `sqlite:${damaged}`));
  });

  it('a full medium; what was there stays, and writing goes on once there is space', () => {
    const db = new Database(path, 'here');
    db.exec('CREATE TABLE t (a TEXT); PRAGMA max_page_count = 10');
    const add = db.prepare<[]>('INSERT INTO t VALUES (?)');
    const fill = (rows: number) =>
      db.write(() => {
        for (let i = 0; i < rows; i++) add.run('x'.repeat(1000));
      });
    fill(10);
    assert.throws(() => fill(100), says(/no space left/, 'here'));
    assert.deepEqual(db.prepare('SELECT count(*) FROM t').get(), [10]);
    db.exec('PRAGMA max_page_count = 1000');
    fill(100);
    assert.deepEqual(db.prepare('SELECT count(*) FROM t').get(), [110]);
    db.close();
  });

  it('a lock that somebody keeps', () => {
    const [one, other] = [new Database(path), new Database(path, 'here', 1)];
    one.exec('CREATE TABLE t (a); BEGIN IMMEDIATE');
    assert.throws(() => other.write(() => undefined), says(/locked by another process/, 'here'));
    one.exec('COMMIT');
    other.write(() => undefined);
    one.close();
    other.close();
  });

  it('a problem of the program is not made up as one of the user', () => {
    const db = new Database(path);
    assert.throws(
      () => db.prepare('SELECT nothing'),
      (error) => !(error instanceof UserError),
    );
    db.exec('CREATE TABLE t (a UNIQUE)');
    const add = db.prepare<[]>('INSERT INTO t VALUES (?)');
    add.run(1);
    assert.throws(
      () => add.run(1),
      (error) => !(error instanceof UserError),
    );
    db.close();
  });

  describe('read-only', () => {
    it('demands a store, and makes none', () => {
      assert.throws(() => opened(path, { readOnly: true }), says(/there is no store/, `sqlite:${path}`));
      assert.ok(!readdirSync(folder.path).includes(`${serial - 1}.db`));
    });

    it('reads, and refuses to write', async () => {
      await opened(path).groups.replace([{ name: 'a' }]);
      const store = opened(path, { readOnly: true });
      assert.deepEqual(await store.groups.all(), [{ name: 'a' }]);
      await assert.rejects(
        store.groups.replace([{ name: 'b' }]),
        says(/cannot be written/, `sqlite:${path}`),
      );
    });

    it('gives a secret that lasts as long as the handle when there is none', async () => {
      const writing = opened(path);
      const store = opened(path, { readOnly: true, random: (bytes) => new Uint8Array(bytes).fill(7) });
      assert.deepEqual(await store.secret(), new Uint8Array(32).fill(7));
      const kept = await writing.secret();
      assert.notDeepEqual(kept, await store.secret());
      assert.deepEqual(await opened(path, { readOnly: true }).secret(), kept);
    });
  });
});
