import assert from 'node:assert/strict';
import { MongoClient } from 'mongodb';
import { describe, it } from 'mocha';
import { runTrial, type TrialOptions } from '../support/concurrency/trial.ts';
import { needsMongod, sharedUri } from '../support/mongod.ts';

const TRIAL: TrialOptions = { processes: 4, rounds: 2, seed: 7 };
const DATABASE = 'two_at_once';

describe('several runs at once, half of them killed, report and mail everything exactly once', function () {
  this.timeout(120_000);

  it('on the embedded store', async () => {
    assert.deepEqual((await runTrial(TRIAL)).problems, []);
  });

  describe('with a server', () => {
    needsMongod();

    it('on MongoDB', async () => {
      const url = new URL(await sharedUri());
      url.pathname = `/${DATABASE}`;
      try {
        assert.deepEqual((await runTrial({ ...TRIAL, uri: url.href })).problems, []);
      } finally {
        const client = new MongoClient(await sharedUri());
        await client.db(DATABASE).dropDatabase();
        await client.close();
      }
    });
  });
});
