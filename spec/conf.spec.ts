import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { UNIT_ENVIRONMENT } from '../bench/cases/memory.ts';
import { parseCommandLine } from '../lib/cli/command-line.ts';
import { loadConfiguration } from '../lib/config/load.ts';
import { shipped } from '../lib/config/locations.ts';
import { makeFolder, type Folder } from './support/folder.ts';

/** What the memory of a run is measured with. */
const SETTINGS = Object.entries(UNIT_ENVIRONMENT).map(([name, value]) => `${name}=${value}`);

const read = (name: string): string => readFileSync(shipped('conf', name), 'utf8');

describe('what is shipped for operators', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const run = (command: string, ...args: string[]) =>
    spawnSync(command, args, { encoding: 'utf8', cwd: folder.path });

  it('the configuration is right as it stands, and has the interval of its timer', () => {
    const { config, notes } = loadConfiguration(
      parseCommandLine(['--config-file', shipped('conf/mentat-reporter.conf')]),
      { APP_ROOT_PATH: folder.path },
    );
    assert.deepEqual([notes, config.interval, config.settle], [[], '10_minutes', 60]);
  });

  it('every setting that is commented out in it is right, too, when it is not', () => {
    const settings = read('mentat-reporter.conf')
      .split('\n')
      .map((line) => line.replace(/^ {2}# (?=")/, '  '))
      .map((line) => (/^ {2}"/.test(line) ? line.replace(/,?$/, ',') : line));
    const text = settings.join('\n').replace(/,(\s*\})\s*$/, '$1');
    const path = folder.write('all.conf', text);
    const { origins, notes } = loadConfiguration(parseCommandLine(['--config-file', path]), {
      APP_ROOT_PATH: folder.path,
    });
    assert.deepEqual(notes, []);
    assert.ok(origins.size > 15, `${origins.size}`);
  });

  it('the units are what systemd takes', function () {
    if (run('systemd-analyze', '--version').status !== 0) this.skip();
    const names = readdirSync(shipped('conf/systemd')).map((name) => {
      // Of a template an instance is looked at, as it would be enabled.
      const instance = name.replace('@.', '@0-4.');
      const unit = read(`systemd/${name}`).replace(
        '/usr/local/bin/mentat-reporter',
        shipped('bin/mentat-reporter'),
      );
      folder.write(instance, unit);
      return folder.at(instance);
    });
    assert.equal(names.length, 4);
    const { status, stdout, stderr } = run('systemd-analyze', 'verify', '--man=no', ...names);
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });

  it('the units let an instance work its share', () => {
    assert.match(read('systemd/mentat-reporter@.service'), /^ExecStart=\S+ --regular --shard %I$/m);
  });

  it('the units set what the memory of a run is measured with', () => {
    for (const name of ['mentat-reporter', 'mentat-reporter@']) {
      const lines = [...read(`systemd/${name}.service`).matchAll(/^Environment=(.*)$/gm)];
      assert.deepEqual(
        lines.flatMap(([, settings]) => settings!.split(' ')),
        SETTINGS,
      );
    }
  });

  it('the rotation is what logrotate takes, and leaves the log to be opened by name', function () {
    if (run('logrotate', '--version').status !== 0) this.skip();
    const text = read('mentat-reporter.logrotate')
      .replaceAll('mentat mentat', 'root root')
      .replace('/var/mentat', folder.path);
    folder.write('log/mentat-reporter.log', 'x');
    const { status, stderr } = run(
      'logrotate',
      '--debug',
      '--state',
      folder.at('state'),
      folder.write('rotate', text),
    );
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stderr, /error/);
    assert.match(stderr, /considering log \S+\/log\/mentat-reporter\.log/);
    assert.doesNotMatch(text, /^\s*(?:copytruncate|postrotate)/m);
  });

  it('the cron line runs every ten minutes, a minute after the slot, as a user of its own', () => {
    const lines = read('mentat-reporter.cron')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.deepEqual(lines, [
      'PATH=/usr/local/bin:/usr/bin:/bin',
      'MAILTO=root',
      ...SETTINGS,
      '1-59/10 * * * *  mentat  mentat-reporter --regular',
    ]);
  });
});
