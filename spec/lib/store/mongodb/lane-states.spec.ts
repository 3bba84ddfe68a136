import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Connection } from '../../../../lib/store/mongodb/connection.ts';
import { statesBelow } from '../../../../lib/store/mongodb/lane-states.ts';
import { freshState } from '../../../../lib/store/protocol.ts';
import { needsMongod } from '../../../support/mongod.ts';
import { commitOf, HOUR, T0 } from '../../../support/store/rows.ts';
import { openMongoForSpec } from './open.ts';

describe('lib/store/mongodb/lane-states', () => {
  needsMongod();

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
        assert.deepEqual(sorted(await statesBelow(connection, 'live/low/', most)), sorted(read));
    } finally {
      await connection.close();
      await destroy();
    }
  });
});
