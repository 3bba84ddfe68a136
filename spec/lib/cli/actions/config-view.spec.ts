import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { KEY_NAMES } from '../../../../lib/config/keys/index.ts';
import { makeFolder, type Folder } from '../../../support/folder.ts';
import { callProgram } from '../../../support/program.ts';

describe('config-view', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
    folder.write(
      'etc/mentat/core/a.json.conf',
      '{"limit": 3, "__core__database": {"sqlstorage": {"url": "pg://u:hidden@h"}}}',
    );
    folder.write(
      'etc/mentat/mentat-reporter.conf',
      '{"intervall": "hourly", "template_vars": {"api_token": "hidden", "a": "\\u202e"}, "__core__": {"x": 1}}',
    );
  });
  afterEach(() => folder.remove());

  const call = (...args: string[]) =>
    callProgram(['--action', 'config-view', ...args], {
      environment: { APP_ROOT_PATH: folder.path, MENTAT_REPORTER_MAIL: 'smtp://u:hidden@h' },
    });

  it('tells programs each key, its value and its origin, a line each', async () => {
    const { code, objects, stdout } = await call('--output', 'json', '--time-high', '0');
    const rows = new Map(objects().map(({ key, ...row }) => [key, row]));
    assert.equal(code, 0);
    for (const name of KEY_NAMES) assert.ok(rows.has(name), name);
    const [dir, file] = [
      folder.at('etc/mentat/core/a.json.conf'),
      folder.at('etc/mentat/mentat-reporter.conf'),
    ];
    assert.deepEqual(rows.get('limit'), { value: 3, origin: 'directory', where: dir });
    assert.deepEqual(rows.get('intervall'), { value: 'hourly', origin: 'file', where: file });
    assert.deepEqual(rows.get('time_high'), { value: '0', origin: 'command line', where: 'command line' });
    assert.deepEqual(rows.get('mail'), {
      value: 'smtp://u:***@h',
      origin: 'environment',
      where: 'environment',
    });
    assert.deepEqual(rows.get('interval'), { value: 'daily', origin: 'default' });
    assert.deepEqual(rows.get('log_file'), {
      value: folder.at('var/mentat/log/mentat-reporter.log'),
      origin: 'default',
    });
    assert.deepEqual(rows.get('__core__database'), {
      value: { sqlstorage: { url: 'pg://u:***@h' } },
      origin: 'directory',
      where: dir,
    });
    assert.deepEqual((rows.get('__core__')?.['value'] as Record<string, unknown>)['runlog'], { save: true });
    assert.doesNotMatch(stdout, /hidden/);
  });

  it('shows people a tree, with the origin of what is no default', async () => {
    const { stdout } = await call();
    assert.match(stdout, /^Configuration of mentat-reporter\n/);
    assert.match(stdout, /\n├─ interval: daily\n/);
    assert.match(stdout, /\n├─ limit: 3 {2}\(directory .*a\.json\.conf\)\n/);
    assert.match(stdout, /\n│ {2}├─ a: \\u\{202e\}\n│ {2}└─ api_token: \*\*\*\n/);
    assert.doesNotMatch(stdout, /hidden|\u202e/);
  });

  it('masks what the trace of settings and a refusal show, too', async () => {
    assert.doesNotMatch((await call('--debug')).stderr, /hidden/);
    const { code, stderr } = await call('mongodb://u:hidden@h');
    assert.equal(code, 2);
    assert.doesNotMatch(stderr, /hidden/);
  });

  it('prints nothing when told to be quiet', async () => {
    assert.equal((await call('--quiet')).stdout, '');
    assert.equal((await call('--regular')).stdout, '');
  });
});
