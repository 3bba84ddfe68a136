import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseCommandLine } from '../../../lib/cli/command-line.ts';
import { loadConfiguration } from '../../../lib/config/load.ts';
import { lockFileOf, storePlaceOf } from '../../../lib/config/options.ts';

const load = (...args: string[]) => loadConfiguration(parseCommandLine(args), { APP_ROOT_PATH: '/nowhere' });
const place = (...args: string[]) => {
  const { uri, database, collection, socketTimeoutMS } = storePlaceOf(load(...args));
  return [uri, database, collection, socketTimeoutMS];
};

describe('the store that is meant', () => {
  it('is the embedded one when nothing is said of any', () => {
    assert.equal(storePlaceOf(load()).uri, 'sqlite:/nowhere/var/mentat/run/mentat-reporter.db');
  });

  it('is a MongoDB when one of its options is given, on localhost unless they say more', () => {
    assert.deepEqual(place('--database', 'db'), ['mongodb://localhost:27017/db', 'db', 'alerts', 3_600_000]);
    assert.deepEqual(place('--db-host', 'h', '--db-port', '1', '--db-timeout', '5'), [
      'mongodb://h:1/',
      undefined,
      'alerts',
      5,
    ]);
    assert.deepEqual(place('--collection', 'events')[2], 'events');
  });

  it('is what --store says before all, with the database options beside it', () => {
    const uri = 'mongodb://a,b/x?replicaSet=r&socketTimeoutMS=7';
    assert.deepEqual(place('--store', uri, '--db-host', 'h', '--database', 'db'), [
      uri,
      'db',
      'alerts',
      undefined,
    ]);
    assert.deepEqual(place('--store', 'sqlite:here.db')[0], 'sqlite:here.db');
  });
});

describe('the lock that is meant', () => {
  it('is one a name and shard', () => {
    assert.equal(lockFileOf(load()), '/nowhere/var/mentat/run/mentat-reporter.lock');
    assert.equal(
      lockFileOf(load('--name', 'other', '--shard', '1/3')),
      '/nowhere/var/mentat/run/other-1-of-3.lock',
    );
  });
});
