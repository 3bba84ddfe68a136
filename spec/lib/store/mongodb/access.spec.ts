import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { MongoClient, type Document } from 'mongodb';
import { UserError } from '../../../../lib/model/user-error.ts';
import { checkMongoStore, initMongoStore, openMongoStore } from '../../../../lib/store/mongodb/index.ts';
import { rawEvent } from '../../../support/builders.ts';
import { needsMongod, startReplicaSet, type ReplicaSet } from '../../../support/mongod.ts';
import { collect, hits, HOUR, stamp, T0 } from '../../../support/store/rows.ts';
import { openMongoForSpec, type OpenedMongo } from './open.ts';

const SLICE = {
  severity: 'low',
  groups: ['abuse@example.org'],
  from: T0,
  to: T0 + HOUR,
  test: false,
  fields: new Set<string>(),
};

async function withMongo(spec: (opened: OpenedMongo) => Promise<void>): Promise<void> {
  const opened = await openMongoForSpec();
  try {
    await spec(opened);
  } finally {
    await opened.client.db(opened.database).dropCollection('alerts');
    await opened.destroy();
  }
}

async function problem(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => assert.fail('it worked'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof UserError, String(error));
  assert.ok(!error.message.includes('secret'), error.message);
  assert.ok(!error.message.includes('\n'), error.message);
  return error.message;
}

describe('lib/store/mongodb access', () => {
  needsMongod();

  it('of an unreachable host is refused in one line without the password', async () => {
    const uri = 'mongodb://user:secret@127.0.0.1:1/?serverSelectionTimeoutMS=300';
    assert.match(
      await problem(openMongoStore(uri)),
      /^mongodb:\/\/127\.0\.0\.1:1\/mentat: no usable server answers: connect ECONNREFUSED 127\.0\.0\.1:1 \(check host/,
    );
  });

  it('by what is no URI is refused as usage', async () => {
    for (const uri of [
      'mongodb://',
      'mongodb://user:secret@:99999/',
      'mongodb://h/?tls=maybe',
      'mongodb://a:sec%ret@h/',
    ]) {
      assert.match(
        await problem(openMongoStore(uri)),
        /^--store: no MongoDB URI: .*expected mongodb:\/\/\[user:password@\]host/,
      );
    }
  });

  it('to a store of a newer version is refused', () =>
    withMongo(async ({ client, database, open }) => {
      const meta = client.db(database).collection<{ _id: string; version: number }>('reporter_meta');
      await meta.updateOne({ _id: 'schema' }, { $set: { version: 99 } });
      try {
        assert.match(
          await problem(open()),
          /created by another version of this program, got 99, expected schema 1/,
        );
      } finally {
        await meta.updateOne({ _id: 'schema' }, { $set: { version: 1 } });
      }
    }));

  it('names hosts, database and collections as options and URI say', () =>
    withMongo(async ({ uri, client, database }) => {
      const named = uri.replace('/?', `/${database}?`);
      const store = await openMongoStore(named, { collection: 'other', reporterDatabase: `${database}-own` });
      assert.match(store.name, new RegExp(`^mongodb://127.0.0.1:\\d+/${database}$`));
      await store.events.insert([rawEvent({ stored: T0 })]);
      await store.lanes.writeAhead(stamp('run-1'), [hits('f', 1)]);
      assert.equal(await client.db(database).collection('other').countDocuments(), 1);
      assert.equal(await client.db(`${database}-own`).collection('reporter_filter_hits').countDocuments(), 1);
      await store.close();
      await client.db(`${database}-own`).dropDatabase();
      await client.db(database).dropCollection('other');
    }));

  it('is prepared once: what is there is left alone', () =>
    withMongo(async ({ uri, client }) => {
      const database = 'spec-init';
      await client.db(database).dropDatabase();
      const options = { database, eventsIndex: true };
      const first = await initMongoStore(uri, options);
      assert.deepEqual(first.existing, []);
      assert.ok(first.created.includes('alerts') && first.created.includes('reporter_journal.held'));
      const second = await initMongoStore(uri, options);
      assert.deepEqual(second.created, []);
      assert.deepEqual([...second.existing].sort(), [...first.created].sort());
      await (await openMongoStore(uri, options)).close();
      const checked = await checkMongoStore(uri, options);
      assert.deepEqual([checked.ok, checked.events, checked.groups, checked.problems], [true, 0, 0, []]);
      assert.match(checked.version, /^\d+\.\d+\.\d+/);
      await client.db(database).dropDatabase();
    }));

  it('may be prepared by several processes at once', () =>
    withMongo(async ({ uri, client }) => {
      const database = 'spec-at-once';
      await client.db(database).dropDatabase();
      const stores = await Promise.all([1, 2, 3].map(() => openMongoStore(uri, { database })));
      const secrets = await Promise.all(stores.map((store) => store.secret()));
      assert.deepEqual(new Set(secrets.map((secret) => Buffer.from(secret).toString('hex'))).size, 1);
      for (const store of stores) await store.close();
      await client.db(database).dropDatabase();
    }));

  it('is checked: indexes that are missing, and events nobody would fetch', () =>
    withMongo(async ({ uri, client, database, store }) => {
      await store.groups.replace([{ name: 'abuse@example.org' }]);
      await store.events.insert([
        rawEvent({ stored: T0 }),
        rawEvent({ stored: T0, severity: 'High' }),
        rawEvent({ stored: T0, severity: undefined }),
        rawEvent({ stored: T0, groups: ['gone@example.org', 'other@example.org'] }),
        rawEvent({ stored: T0, groups: ['gone@example.org', 'abuse@example.org'] }),
        rawEvent({ stored: T0, groups: undefined }),
        { ...rawEvent(), _CESNET: undefined },
      ]);
      await client.db(database).collection('reporter_journal').dropIndex('held');
      const { ok, events, groups, problems } = await checkMongoStore(uri, { database });
      assert.deepEqual([ok, events, groups], [false, 7, 1]);
      const all = problems.join('\n');
      assert.match(
        all,
        /index held of reporter_journal is missing; make it with db\.getSiblingDB\("spec-.*createIndex\(\{"lane":1/,
      );
      assert.match(
        all,
        /no index serves the slices of alerts: .*createIndex\(\{"_CESNET\.EventSeverity":1,"_CESNET\.ResolvedAbuses":1/,
      );
      assert.match(all, /1 event has no storage time/);
      assert.match(
        all,
        /2 events have no known severity \((null, "High", which is not "high"|"High", which is not "high", null)\)/,
      );
      assert.match(all, /1 event has no known group \(".*", ".*"\)/);
      const other = await checkMongoStore(uri, { database, collection: 'alrets' });
      assert.match(other.problems.join('\n'), /^there is no collection alrets \(check --database/m);
      await client.db(database).collection('reporter_journal').drop();
      await client.db(database).collection<{ _id: string }>('reporter_meta').deleteOne({ _id: 'schema' });
    }));

  it('tells before a run that no index serves it, and nothing when one does', () =>
    withMongo(async ({ uri, database, open, store }) => {
      await store.events.insert([rawEvent({ stored: T0 })]);
      const [line, ...more] = await (await open()).warnings();
      assert.match(line ?? '', /each would read the whole collection; make it with db\.getSiblingDB/);
      assert.deepEqual(more, []);
      await initMongoStore(uri, { database, eventsIndex: true });
      assert.deepEqual(await (await open()).warnings(), []);
    }));

  describe('with users', () => {
    let server: ReplicaSet;
    let uri: string;

    const as = (user: string, password: string) =>
      uri.replace('//', `//${user}:${password}@`).replace('?', '?authSource=admin&');

    before(async function () {
      this.timeout(30_000);
      server = await startReplicaSet(1, { auth: true });
      uri = server.uri.replace(/\/\/[^@/]*@/, '//').replace(/authSource=[^&]*&?/, '');
      const { customRootName, customRootPwd } = server.set.servers[0]!.auth as unknown as Record<
        string,
        string
      >;
      const client = await new MongoClient(as(customRootName!, customRootPwd!)).connect();
      const roles = (role: string): Document[] => [{ role, db: 'mentat' }];
      const make = (createUser: string, role: string) =>
        client.db('admin').command({ createUser, pwd: 'secret', roles: roles(role) });
      await make('writer', 'readWrite');
      await make('reader', 'read');
      await client.close();
      await initMongoStore(as('writer', 'secret'), { eventsIndex: true });
    });

    after(() => server.stop());

    it('needs the right password', async () => {
      assert.match(
        await problem(openMongoStore(as('writer', 'secretive'))),
        /: user or password is wrong \(check the credentials/,
      );
    });

    it('needs a database that the user may read', async () => {
      assert.match(
        await problem(openMongoStore(as('writer', 'secret'), { database: 'wrong' })),
        /: the user may not do this \(grant/,
      );
    });

    it('may be of a user who only reads, as long as nothing is written', async () => {
      const writer = await openMongoStore(as('writer', 'secret'));
      await writer.events.insert([rawEvent({ stored: T0 })]);
      await writer.close();
      const reader = await openMongoStore(as('reader', 'secret'), { readOnly: true });
      assert.equal((await collect(reader.events.slice(SLICE))).flat().length, 1);
      assert.deepEqual(await reader.warnings(), []);
      assert.deepEqual(await reader.lanes.pending(), []);
      assert.deepEqual(await reader.groups.all(), []);
      assert.equal((await reader.secret()).length, 32);
      assert.match(
        await problem(reader.lanes.writeAhead(stamp('run-1'), [hits('f', 1)])),
        /: the user may not do this/,
      );
      await reader.close();
      assert.equal((await checkMongoStore(as('reader', 'secret'))).events, 1);
    });
  });
});
