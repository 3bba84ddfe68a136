import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, readdirSync } from 'node:fs';
import { delimiter } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { helpText } from '../../../../lib/cli/help/help-text.ts';
import { shipped } from '../../../../lib/config/locations.ts';
import { makeFolder, type Folder } from '../../../support/folder.ts';

/** The calls as the help prints them. */
const CALLS = helpText()
  .split('\n')
  .filter((line) => line.startsWith('  mentat-reporter '))
  .map((line) => line.trim());

describe('the examples of the help', () => {
  /** A folder with a filled store, copied for each example. */
  let filled: Folder;
  let folder: Folder;
  before(() => {
    folder = filled = makeFolder();
    copyFileSync(shipped('conf/sample/groups.json'), folder.at('groups.json'));
    copyFileSync(shipped('conf/sample/events.ndjson'), folder.at('events.ndjson'));
    shell('mentat-reporter --action groups-import --input groups.json');
    shell('mentat-reporter --action events-import --input events.ndjson');
  });
  after(() => filled.remove());
  beforeEach(() => {
    folder = makeFolder();
    cpSync(filled.path, folder.path, { recursive: true });
  });
  afterEach(() => folder.remove());

  const shell = (call: string) =>
    spawnSync('sh', ['-c', call], {
      cwd: folder.path,
      encoding: 'utf8',
      env: {
        PATH: [shipped('bin'), process.env['PATH'] ?? ''].join(delimiter),
        APP_ROOT_PATH: folder.path,
        MENTAT_REPORTER_TIME_LOW: '2026-11-10T00:00:00Z',
        MENTAT_REPORTER_TIME_HIGH: '2026-11-12T00:00:00Z',
      },
    });

  it('are there', () => assert.ok(CALLS.length >= 8));

  for (const call of CALLS) {
    it(`${call} works as written`, () => {
      const { status, stderr } = shell(call);
      assert.equal(status, 0, stderr);
      assert.doesNotMatch(stderr, /WARNING|ERROR|debug: .*ignored/);
    });
  }

  it('do what they say: a dry run leaves its mails in the folder named', () => {
    assert.equal(shell('mentat-reporter --dry-run out').status, 0);
    assert.ok(readdirSync(folder.at('out')).some((name) => name.endsWith('.eml')));
    assert.equal(existsSync(folder.at('var/mentat/spool')), false);
  });
});
