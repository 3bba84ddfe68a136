import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Long, ObjectId, Timestamp, type Document } from 'mongodb';
import type { EventView, RawEvent } from '../../../../lib/model/event/event.ts';
import { Connection } from '../../../../lib/store/mongodb/connection.ts';
import { explainSlice } from '../../../../lib/store/mongodb/warnings.ts';
import { toDocument } from '../../../../lib/store/mongodb/event/event-document.ts';
import { detectLayout, sliceIndex } from '../../../../lib/store/mongodb/event/event-layout.ts';
import { checkMongoStore, initMongoStore, openMongoStore } from '../../../../lib/store/mongodb/index.ts';
import type { SliceQuery, Store } from '../../../../lib/store/port.ts';
import { rawEvent } from '../../../support/builders.ts';
import { needsMongod } from '../../../support/mongod.ts';
import { openEmbeddedForSpec } from '../../../support/store/embedded.ts';
import { collect, HOUR, T0 } from '../../../support/store/rows.ts';
import { openMongoForSpec, type OpenedMongo } from './open.ts';

const GROUP = 'abuse@example.org';
const OTHER = 'other@example.org';
const WINDOW: SliceQuery = {
  ...{
    severity: 'low',
    groups: [GROUP, OTHER],
    from: T0,
    to: T0 + HOUR,
    test: false,
    fields: new Set<string>(),
  },
};

async function withMongo(spec: (opened: OpenedMongo) => Promise<void>): Promise<void> {
  const opened = await openMongoForSpec();
  try {
    await spec(opened);
  } finally {
    await opened.destroy();
  }
}

async function slice(store: Store, query: Partial<SliceQuery> = {}): Promise<EventView[]> {
  return (await collect(store.events.slice({ ...WINDOW, ...query }))).flat();
}

const ids = async (store: Store) => (await slice(store)).map((view) => view.id);

/** Puts documents there as another program has written them. */
async function write({ client, database }: OpenedMongo, documents: readonly Document[]): Promise<void> {
  await client
    .db(database)
    .collection('alerts')
    .insertMany([...documents]);
}

/** An event whose storage time lies in some other form. */
function stored(id: string, StorageTime: unknown, root = '_CESNET'): Document {
  const { _CESNET, ...event } = toDocument(rawEvent({ id, stored: T0 }));
  return { ...event, [root]: { ...(_CESNET as Document), StorageTime } };
}

describe('lib/store/mongodb events', () => {
  needsMongod();

  it('of a slice are merged from runs of the index, and never sorted', () =>
    withMongo(async ({ uri, database, store }) => {
      await initMongoStore(uri, { database, eventsIndex: true });
      await store.events.insert([rawEvent({ stored: T0 })]);
      const connection = new Connection(uri, { database });
      const { roots } = await detectLayout(connection);
      const { planner } = await explainSlice(connection, roots[0]!);
      assert.deepEqual(planner, ['FETCH', 'SORT_MERGE', 'IXSCAN', 'IXSCAN']);
      await connection.close();
    }));

  it('tell the same on both engines', () =>
    withMongo(async ({ store }) => {
      const embedded = await openEmbeddedForSpec();
      const events = handmade();
      for (const one of [store, embedded.store]) await one.events.insert(events);
      const tell = (view: EventView) => {
        const { id, invalid, storageTime, severity, groups, eventClass, test } = view;
        const sources = view.sources.map(({ text, range }) => [text, range?.low, range?.high]);
        return {
          id,
          invalid,
          storageTime,
          severity,
          groups,
          eventClass,
          test,
          sources,
          text: view.bodyText(),
        };
      };
      const [ours, theirs] = [(await slice(store)).map(tell), (await slice(embedded.store)).map(tell)];
      assert.ok(ours.length > 100);
      assert.deepEqual(ours, theirs);
      await embedded.destroy();
    }));

  for (const [kind, write1] of [
    ['date', (time: number) => new Date(time)],
    ['text', (time: number) => new Date(time).toISOString().replace('.000Z', 'Z')],
    ['seconds', (time: number) => time / 1000],
    ['milliseconds', (time: number) => Long.fromNumber(time)],
  ] as const) {
    for (const indexed of [true, false]) {
      it(`are found by storage times that are kept as ${kind}, ${indexed ? 'with' : 'without'} an index`, () =>
        withMongo(async (opened) => {
          const times = { a: T0 - 1, b: T0, c: T0 + 1, d: T0 + 999, e: T0 + HOUR - 1, f: T0 + HOUR };
          await write(
            opened,
            Object.entries(times).map(([id, time]) => stored(id, write1(time))),
          );
          const { uri, database } = opened;
          if (indexed) await initMongoStore(uri, { database, eventsIndex: true });
          const store = await opened.open();
          const found = await slice(store);
          assert.deepEqual(
            found.map((view) => [view.id, view.storageTime]).sort(),
            Object.entries(times).slice(1, 5),
          );
          const cut = await slice(store, { from: T0 + 1, to: T0 + 999 });
          assert.deepEqual(
            cut.map((view) => view.id),
            ['c'],
          );
          await dropIndexes(opened);
        }));
    }
  }

  it('are read from the primary by majority, whatever the URI says', () =>
    withMongo(async ({ uri, database }) => {
      const stale = `${uri}${uri.includes('?') ? '&' : '?'}readPreference=secondary&readConcernLevel=local`;
      const { events } = new Connection(stale, { database });
      assert.equal(events.readPreference?.mode, 'primary');
      assert.equal(events.readConcern?.level, 'majority');
      const store = await openMongoStore(stale, { database });
      assert.match((await store.warnings()).join(), /readPreference=secondary is ignored/);
      await store.close();
    }));

  it('of several kinds of storage times are all found', () =>
    withMongo(async (opened) => {
      await write(opened, [
        stored('a', new Date(T0 + 2)),
        stored('b', '2026-11-10T00:00:00Z'),
        stored('c', T0 / 1000 + 1),
        stored('d', Long.fromNumber(T0 + 1)),
      ]);
      for (const eventsIndex of [false, true]) {
        if (eventsIndex) await initMongoStore(opened.uri, { database: opened.database, eventsIndex });
        const store = await opened.open();
        assert.deepEqual(
          (await slice(store)).map((view) => view.id),
          ['b', 'd', 'a', 'c'],
        );
        assert.doesNotMatch((await store.warnings()).join(), /in a form/);
      }
      await dropIndexes(opened);
    }));

  for (const path of ['_CESNET', '_Mentat']) {
    it(`with ${path}.StorageTime in any other form are warned of by their types, and found once converted`, () =>
      withMongo(async (opened) => {
        const text = '2026-11-10T00:10:00Z';
        const odd = {
          a: '2026-11-10 00:10:00Z',
          b: '2026-11-10T02:10:00+02:00',
          c: '2026-11-10t00:10:00z',
          d: '2026-11-10T00:10:00',
          e: String(Date.parse(text) / 1000),
          f: new Timestamp({ t: Date.parse(text) / 1000, i: 1 }),
        };
        const documents = Object.entries({ control: text, ...odd }).map(([id, time]) =>
          stored(id, time, path),
        );
        await write(opened, documents);
        const [line, ...more] = (await (await opened.open()).warnings()).filter((one) =>
          one.includes('in a form'),
        );
        assert.deepEqual(more, []);
        assert.match(
          line!,
          /^6 events have a storage time \(_\w+\.StorageTime\) in a form that no run can ask for/,
        );
        assert.match(line!, /\(5 string, as "2026-11-10 00:10:00Z"; 1 timestamp\)/);
        assert.ok(
          (await checkMongoStore(opened.uri, { database: opened.database })).problems.includes(line!),
        );
        const command = /convert with (.*) \(texts without/.exec(line!)![1]!;
        const db = {
          getSiblingDB: (name: string) => ({
            getCollection: (of: string) => opened.client.db(name).collection(of),
          }),
        };
        // eslint-disable-next-line @typescript-eslint/no-implied-eval
        await (new Function('db', `return ${command}`) as (shell: typeof db) => Promise<unknown>)(db);
        const store = await opened.open();
        assert.deepEqual((await slice(store)).map((view) => view.id).sort(), [
          'a',
          'b',
          'c',
          'control',
          'd',
          'e',
          'f',
        ]);
        assert.doesNotMatch((await store.warnings()).join(), /in a form/);
      }));
  }

  it('may have _CESNET, _Mentat or both', () =>
    withMongo(async (opened) => {
      const both = {
        ...stored('both', new Date(T0 + 2)),
        _Mentat: { EventSeverity: 'high', StorageTime: 'then' },
      };
      const many = Array.from({ length: 2400 }, (_, i) =>
        stored(`x${String(i).padStart(4, '0')}`, new Date(T0 + 10 + i), i % 3 === 0 ? '_CESNET' : '_Mentat'),
      );
      await write(opened, [
        stored('c', new Date(T0), '_Mentat'),
        stored('b', new Date(T0 + 1)),
        both,
        ...many,
      ]);
      const expected = ['c', 'b', 'both', ...many.map((one) => one['_id'] as string)];
      assert.deepEqual(await ids(await opened.open()), expected);
    }));

  for (const [place, index] of [
    ['a time index', { '_CESNET.StorageTime': 1 }],
    ['a slice index', sliceIndex('_CESNET')],
    ['no index', undefined],
  ] as const)
    it(`are found also where few of them have _Mentat, and none of the oldest and newest, with ${place}`, () =>
      withMongo(async (opened) => {
        const many = Array.from({ length: 400 }, (_, i) =>
          stored(String(1000 + i), new Date(T0 + i), i === 200 ? '_Mentat' : '_CESNET'),
        );
        if (index !== undefined)
          await opened.client.db(opened.database).collection('alerts').createIndex(index);
        await write(opened, many);
        const expected = many.map((one) => one['_id'] as string);
        assert.deepEqual(await ids(await opened.open()), expected);
        await dropIndexes(opened);
      }));

  describe('are told of by the groups that they name', () => {
    const GROUPS = Array.from({ length: 300 }, (_, i) => `g${String(i).padStart(3, '0')}`);
    const named = async (store: Store, more: Partial<SliceQuery> = {}) =>
      [...(await store.events.groupsIn({ ...WINDOW, groups: GROUPS, ...more }))].sort();
    const of = (groups: readonly string[], count: number, more: object = {}) =>
      Array.from({ length: count }, (_, i) => rawEvent({ groups, stored: T0 + i, ...more }));

    /** Hands over a store whose events have their index. */
    const withIndex = (spec: (opened: OpenedMongo) => Promise<void>) => () =>
      withMongo(async (opened) => {
        await initMongoStore(opened.uri, { database: opened.database, eventsIndex: true });
        await spec(opened).finally(() => dropIndexes(opened));
      });

    it(
      'which are those of the severity, the window and the kind that was asked for',
      withIndex(async ({ store }) => {
        await store.events.insert([
          ...of(['g001', 'g002', OTHER], 2),
          ...of(['g003'], 2, { severity: 'high' }),
          ...of(['g004'], 1, { stored: T0 - 1 }),
          ...of(['g005'], 1, { stored: T0 + HOUR }),
          ...of(['g006'], 1, { categories: ['Test'] }),
        ]);
        assert.deepEqual(await named(store), ['g001', 'g002']);
        assert.deepEqual(await named(store, { to: T0 }), []);
        assert.deepEqual(await named(store, { test: true }), ['g006']);
      }),
    );

    it(
      'however many of the events a few of them have; all, when there are too many events to look at',
      withIndex(async ({ store }) => {
        await store.events.insert([...of(['g001'], 1500), ...of(['g200'], 1)]);
        assert.deepEqual(await named(store), ['g001', 'g200']);
        await store.events.insert(of(['g100'], 1500));
        assert.deepEqual(await named(store), GROUPS);
      }),
    );

    it(
      'also where the first look finds all of them, and as many events as it looks for',
      withIndex(async ({ store }) => {
        const groups = GROUPS.slice(0, 3);
        await store.events.insert(groups.flatMap((group) => of([group], 4)));
        assert.deepEqual(await named(store, { groups }), groups);
      }),
    );

    it(
      'also where those lie under _Mentat, or are no list',
      withIndex(async (opened) => {
        const { ResolvedAbuses, ...processing } = stored('x', new Date(T0))['_CESNET'] as Document;
        assert.ok(ResolvedAbuses);
        await write(opened, [
          { ...stored('a', new Date(T0)), _CESNET: { ...processing, ResolvedAbuses: 'g007' } },
          { ...stored('b', new Date(T0)), _CESNET: { ...processing, ResolvedAbuses: ['g008'] } },
          { ...stored('c', new Date(T0), '_Mentat'), _Mentat: { ...processing, ResolvedAbuses: ['g009'] } },
        ]);
        const alerts = opened.client.db(opened.database).collection('alerts');
        // Without an index for the slices of `_Mentat` its events are not looked at.
        assert.deepEqual(await named(await opened.open()), GROUPS);
        await alerts.createIndex(sliceIndex('_Mentat'));
        assert.deepEqual(await named(await opened.open()), ['g007', 'g008', 'g009']);
        await write(opened, [
          { ...stored('d', new Date(T0)), _CESNET: [{ ...processing, ResolvedAbuses: ['g010'] }] },
        ]);
        assert.deepEqual(await named(await opened.open()), GROUPS);
      }),
    );

    it('whichever names the server takes for alike', () =>
      withMongo(async ({ client, database, open }) => {
        const collection = await client
          .db(database)
          .createCollection('folded', { collation: { locale: 'en', strength: 2 } });
        try {
          await collection.createIndex(sliceIndex('_CESNET'));
          const spelled = [
            ['G001', 'g002'],
            ['g001', 'g002'],
            ['G001', 'g002'],
          ];
          const events = spelled.map((groups, i) => rawEvent({ groups, stored: T0 + i }));
          await collection.insertMany(events.map(toDocument) as Document[]);
          const found = await named(await open({ collection: 'folded' }));
          assert.ok(found.includes('g001') && found.includes('g002'), found.join());
        } finally {
          await collection.drop();
        }
      }));

    it('without an index for it each of them may be, as it would be the whole collection that had to be read', () =>
      withMongo(async ({ store }) => {
        assert.deepEqual(await named(store), []);
        await store.events.insert(of(['g001'], 1));
        assert.deepEqual(await named(store), GROUPS);
      }));
  });

  it('are not all looked at to find out whether any of them has _Mentat', () =>
    withMongo(async ({ uri, database, store, open, client }) => {
      await initMongoStore(uri, { database, eventsIndex: true });
      await store.events.insert(Array.from({ length: 500 }, () => rawEvent({ stored: T0 })));
      const db = client.db(database);
      await db.command({ profile: 2 });
      try {
        assert.equal((await slice(await open(), { to: T0 })).length, 0);
        await db.command({ profile: 0 });
        const looked = await db
          .collection('system.profile')
          .find({ ns: `${database}.alerts` })
          .toArray();
        assert.ok(looked.length > 5);
        for (const { docsExamined = 0, command } of looked)
          assert.ok((docsExamined as number) <= 50, JSON.stringify(command));
      } finally {
        await db.command({ profile: 0 });
        await db.collection('system.profile').drop();
      }
      await dropIndexes({ client, database });
    }));

  it('are found as soon as there are any', () =>
    withMongo(async (opened) => {
      assert.deepEqual(await ids(opened.store), []);
      await write(opened, [stored('a', '2026-11-10T00:00:00Z')]);
      assert.deepEqual(await ids(opened.store), ['a']);
    }));

  it('are found by ID where the documents are called something else', () =>
    withMongo(async (opened) => {
      const foreign = { ...stored('mine', new Date(T0)), _id: new ObjectId() };
      await write(opened, [foreign, stored('ours', new Date(T0))]);
      const alerts = opened.client.db(opened.database).collection('alerts');
      await alerts.createIndex({ ID: 1 });
      const store = await opened.open();
      assert.deepEqual([...(await store.events.byId(['mine', 'ours', 'none'])).keys()].sort(), [
        'mine',
        'ours',
      ]);
      await dropIndexes(opened);
    }));

  it('are missed when there is no such collection', () =>
    withMongo(async ({ open }) => {
      const store = await open({ collection: 'typo' });
      await assert.rejects(slice(store), /there is no collection typo \(check --database/);
    }));
});

/** The next spec gets the collection again. */
async function dropIndexes({ client, database }: Pick<OpenedMongo, 'client' | 'database'>): Promise<void> {
  await client.db(database).collection('alerts').dropIndexes();
}

/** Events of every form that may lie in a store, in the window. */
function handmade(): RawEvent[] {
  const sources = [
    ['192.0.2.1'],
    ['192.0.2.0/24', '2001:DB8::1'],
    [],
    ['10.0.0.9-10.0.0.1', '192.0.2.1', '192.0.2.1'],
  ];
  const times = [
    '2026-11-10T00:00:01Z',
    '2026-11-10T01:00:01.123456+01:00',
    1794268801,
    '2026-11-10 00:00:01Z',
  ];
  return Array.from({ length: 160 }, (_, i) =>
    rawEvent({
      id: `e${i}`,
      stored: T0 + (i % 7) * 1000,
      sources: sources[i % 4]!,
      groups: i % 5 === 0 ? [OTHER, GROUP, OTHER] : [GROUP],
      eventClass: i % 6 === 0 ? '' : `class-${i % 3}`,
      categories: i % 9 === 0 ? ['Test'] : ['B', 'A', 'B'],
      more: {
        DetectTime: times[i % 4],
        ByteCount: 2 ** 43 + i,
        Note: 'x\u0000\u2028\ud83d\ude00',
        Node: [{ Name: 'a.b' }],
      },
    }),
  );
}
