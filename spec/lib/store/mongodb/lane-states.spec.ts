import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Connection } from '../../../../lib/store/mongodb/connection.ts';
import { readLaneStatesByPrefix } from '../../../../lib/store/mongodb/lane-states.ts';
import { freshState } from '../../../../lib/store/commit-protocol.ts';
import { needsMongod } from '../../../support/mongod.ts';
import { commitOf, HOUR, T0 } from '../../../support/store/rows.ts';
import { openMongoForSpec } from './open.ts';

describe('lib/store/mongodb/lane-states', () => {
  needsMongod();

  it('of more lanes than one command commits is set where it stands, and told of each lane', async () => {
    const { store, client, database, destroy } = await openMongoForSpec();
    try {
      const lanes = Array.from({ length: 12_500 }, (_, i) => `live/low/g${i}`);
      const known = lanes.map((_id) => ({ _id: _id as never, to: new Date(T0), epoch: 0, run: 'before' }));
      await client.db(database).collection('reporter_lanes').insertMany(known);
      const states = await store.lanes.states(lanes);
      assert.equal(states.size, lanes.length);
      const lost = new Set([lanes[0]!, lanes[2499]!, lanes[2500]!, lanes[9_999]!, lanes[12_499]!]);
      for (const lane of lost) assert.ok(await store.lanes.raiseEpoch(states.get(lane)!));
      const commits = lanes.map((lane) => commitOf(states.get(lane)!, 'run', T0 + HOUR));
      const done = await store.lanes.commit(commits);
      assert.deepEqual(new Set(lanes.filter((_, i) => !done[i])), lost);
      for (const state of await store.lanes.statesByPrefix('live/'))
        assert.equal(state.run, lost.has(state.lane) ? 'before' : 'run');
    } finally {
      await destroy();
    }
  });

  it('is read of more lanes with long names than one answer holds', async () => {
    const { store, client, database, destroy } = await openMongoForSpec();
    try {
      const lanes = Array.from({ length: 10_500 }, (_, i) => `live/low/${'g'.repeat(1700)}${i}`);
      const known = lanes.map((_id) => ({ _id: _id as never, to: new Date(T0), epoch: 0, run: 'before' }));
      await client.db(database).collection('reporter_lanes').insertMany(known);
      assert.equal((await store.lanes.states(lanes)).size, lanes.length);
      assert.equal((await store.lanes.statesByPrefix('live/')).length, lanes.length);
    } finally {
      await destroy();
    }
  });

  it('gives every lane below a prefix once, however many are read at a time', async () => {
    const { store, uri, database, destroy } = await openMongoForSpec();
    const connection = new Connection(uri, { database });
    // Code points are not in the order of UTF-16 units.
    const lanes = ['a', 'b', '\uffee', '\u{1f600}', '\u{1f600}a', '', 'é', '~'].map(
      (name) => `live/low/${name}`,
    );
    try {
      const commits = lanes.map((lane, i) => commitOf(freshState(lane), `run-${i % 3}`, T0 + (i % 2) * HOUR));
      await store.lanes.commit([...commits, commitOf(freshState('live/lox'), 'run', T0)]);
      await store.lanes.raiseEpoch(freshState('live/low/new'));
      const all = [...lanes, 'live/low/new'];
      const read = [...(await store.lanes.states(all)).values()];
      const sorted = (states: typeof read) => [...states].sort((a, b) => (a.lane < b.lane ? -1 : 1));
      assert.deepEqual(
        read.find(({ lane }) => lane === 'live/low/new'),
        { ...freshState('live/low/new'), epoch: 1 },
      );
      assert.equal(read.length, all.length);
      for (const most of [1, 2, 3, all.length, 100])
        assert.deepEqual(sorted(await readLaneStatesByPrefix(connection, 'live/low/', most)), sorted(read));
    } finally {
      await connection.close();
      await destroy();
    }
  });
});
