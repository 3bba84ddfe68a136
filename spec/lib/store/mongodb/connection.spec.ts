import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Connection } from '../../../../lib/store/mongodb/connection.ts';

describe('lib/store/mongodb connection', () => {
  it('waits once for a server that nobody finds, and fails at once from then on', async () => {
    // Nothing listens on port 1.
    const connection = new Connection('mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=20', {});
    await assert.rejects(connection.open(), /no usable server answers/);
    let worked = false;
    const work = () => {
      worked = true;
      return Promise.resolve();
    };
    await assert.rejects(connection.run(work), /no usable server answers/);
    await assert.rejects(connection.guard(work), /no usable server answers/);
    assert.equal(worked, false);
    await connection.close();
  });
});
