import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { MongoClient, type Document } from 'mongodb';
import { UserError } from '../../../../lib/model/user-error.ts';
import { openMongoStore } from '../../../../lib/store/mongodb/index.ts';
import type { Store } from '../../../../lib/store/port.ts';
import { commitLanes, freshState, recoverLanes } from '../../../../lib/store/commit-protocol.ts';
import { rawEvent } from '../../../support/builders.ts';
import { needsMongod, startReplicaSet, type ReplicaSet } from '../../../support/mongod.ts';
import { whatHappened, writeReport } from '../../../support/store/reporter.ts';
import { commitOf, HOUR, LANE, T0 } from '../../../support/store/rows.ts';
import { openMongoForSpec, type OpenedMongo } from './open.ts';

/** Three replies. */
const EVENTS = 1500;
const GROUP = 'abuse@example.org';

async function fill(store: Store): Promise<void> {
  await store.events.insert(
    Array.from({ length: EVENTS }, (_, i) => rawEvent({ id: `e${i}`, groups: [GROUP], stored: T0 + i })),
  );
}

/** Reads a slice; something happens after the first batch. */
async function read(store: Store, happen: () => Promise<unknown> = () => Promise.resolve()): Promise<number> {
  const query = {
    severity: 'low',
    groups: [GROUP],
    from: T0,
    to: T0 + HOUR,
    test: false,
    fields: new Set<string>(),
  };
  let events = 0;
  for await (const batch of store.events.slice(query)) {
    if (events === 0) await happen();
    events += batch.length;
  }
  return events;
}

/** It ends with an error of one line, which is the user's, and never as if there were no more events. */
async function fails(reading: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(reading, (error) => {
    assert.ok(error instanceof UserError, String(error));
    assert.match(error.message, message);
    assert.ok(!error.message.includes('\n'));
    return true;
  });
}

/** What the server does to the next commands of ours. */
async function failPoint(client: MongoClient, times: number, data: Document): Promise<void> {
  const mode = times === 0 ? 'off' : { times };
  await client
    .db('admin')
    .command({ configureFailPoint: 'failCommand', mode, ...(times === 0 ? {} : { data }) });
}

async function onShared(spec: (opened: OpenedMongo) => Promise<void>): Promise<void> {
  const opened = await openMongoForSpec();
  try {
    await spec(opened);
  } finally {
    await failPoint(opened.client, 0, {});
    await opened.destroy();
  }
}

async function onOwn(
  members: number,
  spec: (server: ReplicaSet, client: MongoClient) => Promise<void>,
): Promise<void> {
  const server = await startReplicaSet(members);
  const client = await new MongoClient(server.uri).connect();
  try {
    await client.db('mentat').createCollection('alerts');
    await spec(server, client);
  } finally {
    await client.close();
    await server.stop();
  }
}

describe('lib/store/mongodb, interrupted', () => {
  needsMongod();

  it('a slice whose cursor is killed fails, and is complete the next time', () =>
    onShared(async ({ store, client }) => {
      await fill(store);
      const kill = async () => {
        const open = await client
          .db('admin')
          .aggregate([{ $currentOp: { idleCursors: true } }])
          .toArray();
        const cursors = open.flatMap(
          (op) => ((op['cursor'] as Document | undefined)?.['cursorId'] ?? []) as unknown[],
        );
        for (const database of new Set(
          open.map((op) => String(op['ns']).split('.')[0]!).filter((name) => name.startsWith('spec-')),
        ))
          await client.db(database).command({ killCursors: 'alerts', cursors });
      };
      await fails(read(store, kill), /server closed the cursor before its end/);
      assert.equal(await read(store), EVENTS);
    }));

  for (const [code, message] of [
    [11600, /shutting down/],
    [11601, /interrupted the operation/],
    [11602, /not the primary/],
    [43, /server closed the cursor/],
    [50, /did not answer in time/],
  ] as const) {
    it(`a slice that is refused more with code ${code} fails`, () =>
      onShared(async ({ store, client }) => {
        await fill(store);
        await failPoint(client, 1, {
          failCommands: ['getMore'],
          errorCode: code,
          appName: 'mentat-reporter',
        });
        await fails(read(store), message);
        assert.equal(await read(store), EVENTS);
      }));
  }

  it('a slice whose store is closed by ourselves fails', () =>
    onShared(async ({ store, open }) => {
      await fill(store);
      const other = await open();
      await fails(
        read(other, () => other.close()),
        /before the end|closed by ourselves|connection/,
      );
    }));

  it('a slice whose answers are lost or late fails', () =>
    onShared(async ({ store, client, open }) => {
      await fill(store);
      const appName = 'mentat-reporter';
      await failPoint(client, 1, { failCommands: ['getMore'], closeConnection: true, appName });
      await fails(read(store), /connection broke/);
      const hasty = await open({ socketTimeoutMS: 200 });
      await failPoint(client, 1, {
        failCommands: ['getMore'],
        blockConnection: true,
        blockTimeMS: 500,
        appName,
      });
      await fails(read(hasty), /did not answer in time/);
      assert.equal(await read(store), EVENTS);
    }));

  it('a commit whose answer is lost is found out, once', () =>
    onShared(async ({ store, client }) => {
      await writeReport(store, 'run-1', T0);
      // The driver tries a write again once, which the server recognises.
      await failPoint(client, 1, {
        failCommands: ['update'],
        closeConnection: true,
        appName: 'mentat-reporter',
      });
      assert.deepEqual(await commitLanes(store, [commitOf(freshState(LANE), 'run-1', T0)]), [true]);
      assert.deepEqual(await whatHappened(store), ['run-1']);
    }));

  it('a commit of many lanes whose connection breaks takes place, once', () =>
    onShared(async ({ store, client }) => {
      const states = Array.from({ length: 5 }, (_, i) => freshState(`${LANE}${i}`));
      const before = states.map((state) => commitOf(state, 'run-0', T0 - HOUR));
      await commitLanes(store, before);
      await failPoint(client, 1, {
        failCommands: ['update'],
        closeConnection: true,
        appName: 'mentat-reporter',
      });
      const commits = before.map(({ state, to, run }) => commitOf({ ...state, to, run }, 'run-1', T0));
      assert.deepEqual(await commitLanes(store, commits), [true, true, true, true, true]);
      assert.deepEqual(await commitLanes(store, commits), [false, false, false, false, false]);
    }));

  for (const [name, code, message] of [
    ['a medium that is full', 14031, /no space left/],
    ['a majority that does not acknowledge', 64, /did not acknowledge the write/],
    ['a user who may only read', 13, /may not do this/],
  ] as const) {
    it(`${name} is told, and nothing is half done`, () =>
      onShared(async ({ store, client }) => {
        await writeReport(store, 'run-1', T0);
        await failPoint(client, 1, {
          failCommands: ['update', 'insert'],
          appName: 'mentat-reporter',
          ...(code === 64
            ? { writeConcernError: { code, errmsg: 'waiting for replication timed out' } }
            : { errorCode: code }),
        });
        await fails(commitLanes(store, [commitOf(freshState(LANE), 'run-1', T0)]), message);
        const { states } = await recoverLanes(store, [LANE]);
        const happened = await whatHappened(store);
        assert.deepEqual(happened, states.get(LANE)?.run === 'run-1' ? ['run-1'] : []);
        assert.equal(happened.length, code === 64 ? 1 : 0);
        assert.deepEqual(await store.lanes.pending(), []);
      }));
  }

  it('a server that is killed fails the slice and the commit', async function () {
    this.timeout(30_000);
    await onOwn(1, async (server) => {
      const uri = server.uri.replace('?', '?serverSelectionTimeoutMS=500&');
      const store = await openMongoStore(uri);
      await fill(store);
      await writeReport(store, 'run-1', T0);
      const kill = () => {
        process.kill(server.set.servers[0]!.instanceInfo!.instance.mongodProcess!.pid!, 'SIGKILL');
        return Promise.resolve();
      };
      await fails(read(store, kill), /connection broke|no usable server answers/);
      await fails(commitLanes(store, [commitOf(freshState(LANE), 'run-1', T0)]), /no usable server answers/);
      await store.close();
      await fails(openMongoStore(uri), /no usable server answers: .*ECONNREFUSED/);
    });
  });

  it('a primary that steps down fails the slice or lets it finish; the next one has everything', async function () {
    this.timeout(60_000);
    await onOwn(3, async (server, client) => {
      const store = await openMongoStore(server.uri);
      await fill(store);
      await writeReport(store, 'run-1', T0);
      const stepDown = () =>
        client.db('admin').command({ replSetStepDown: 20, secondaryCatchUpPeriodSecs: 5 });
      const reading = read(store, stepDown).catch((error: unknown) => error);
      const outcome = await reading;
      // A read cursor may survive on the member that it was opened on; then it must have told everything.
      if (outcome !== EVENTS) assert.ok(outcome instanceof UserError, String(outcome));
      const { states } = await recoverLanes(store, [LANE]);
      assert.deepEqual(await whatHappened(store), []);
      await writeReport(store, 'run-2', T0);
      assert.deepEqual(await commitLanes(store, [commitOf(states.get(LANE)!, 'run-2', T0)]), [true]);
      assert.deepEqual(await whatHappened(store), ['run-2']);
      assert.equal(await read(store), EVENTS);
      await store.close();
    });
  });

  it('a secondary that lags by an hour is not read, whatever the URI says', async function () {
    this.timeout(60_000);
    await onOwn(3, async (server, client) => {
      const admin = client.db('admin');
      const { config } = (await admin.command({ replSetGetConfig: 1 })) as { config: Document };
      const { members: states } = (await admin.command({ replSetGetStatus: 1 })) as {
        members: { name: string; stateStr: string }[];
      };
      const lagging = states.find(({ stateStr }) => stateStr === 'SECONDARY')!.name;
      const members = (config['members'] as Document[]).map((member) =>
        member['host'] === lagging ? { ...member, priority: 0, secondaryDelaySecs: 3600 } : member,
      );
      await admin.command({
        replSetReconfig: { ...config, version: Number(config['version']) + 1, members },
      });
      const direct = await new MongoClient(`mongodb://${lagging}/?directConnection=true`).connect();
      const writer = await openMongoStore(server.uri);
      await fill(writer);
      await writer.close();
      const behind = { readPreference: 'secondary' } as const;
      assert.equal(await direct.db('mentat').collection('alerts', behind).countDocuments(), 0);
      const store = await openMongoStore(`${server.uri}&readPreference=secondary&readConcernLevel=local`);
      assert.equal(await read(store), EVENTS);
      assert.match((await store.warnings()).join(), /readPreference=secondary is ignored/);
      await store.close();
      await direct.close();
    });
  });
});
