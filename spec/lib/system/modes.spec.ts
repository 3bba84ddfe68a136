import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { shipped } from '../../../lib/config/locations.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

describe('permissions of what a run writes under umask 000', () => {
  let folder: Folder;
  let modes: Map<string, number>;
  const call = (...args: string[]) => {
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', 'umask 000; exec "$0" "$@"', process.execPath, shipped('bin/mentat-reporter'), ...args],
      { encoding: 'utf8', env: { PATH: process.env['PATH'], APP_ROOT_PATH: folder.at('root') } },
    );
    assert.equal(status, 0, stderr);
  };
  before(() => {
    folder = makeFolder();
    folder.write('root/etc/mentat/mentat-reporter.conf', '{"interval": "10_minutes"}');
    for (const name of ['groups.json', 'events.ndjson']) {
      const action = name === 'groups.json' ? 'groups-import' : 'events-import';
      call('--action', action, '--input', shipped(`conf/sample/${name}`), '--log-level', 'error');
    }
    const window = ['--time-low', '2026-11-10T00:00:00Z', '--time-high', '2026-11-12T00:00:00Z'];
    call('--regular', ...window, '--metrics-file', folder.at('root/var/metrics.prom'));
    call('--dry-run', folder.at('root/var/dry'), '--quiet', ...window);
    const names = readdirSync(folder.at('root/var'), { recursive: true, encoding: 'utf8' });
    modes = new Map(names.map((name) => [name, statSync(join(folder.at('root/var'), name)).mode & 0o777]));
  });
  after(() => folder.remove());

  it('keep other users out of all files and folders', () => {
    for (const part of ['.log', '.db', '.lock', '.pstate', '.runlog', '.eml', '.json', 'dry'])
      assert.ok(
        [...modes.keys()].some((name) => name.endsWith(part)),
        part,
      );
    const open = [...modes].filter(([name, mode]) => (mode & 0o027) !== 0 && name !== 'metrics.prom');
    assert.deepEqual(open, []);
  });

  it('let the collector read the metrics, which are counts only', () => {
    assert.equal(modes.get('metrics.prom'), 0o644);
  });
});
