import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, it } from 'mocha';
import { shipped } from '../../../lib/config/locations.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

/** Tells every module that is loaded, on stderr. */
const TELLING = `data:text/javascript,${encodeURIComponent(`
import { register } from 'node:module';
register('data:text/javascript,' + encodeURIComponent(
  "export async function load(url, context, next) { process._rawDebug('loaded ' + url); return next(url, context); }"));
`)}`;

describe('the start of the program', () => {
  let folder: Folder;
  before(() => {
    folder = makeFolder();
  });
  after(() => folder.remove());

  const packages = (...args: string[]): string[] => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', TELLING, shipped('bin/mentat-reporter'), ...args],
      {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], APP_ROOT_PATH: folder.path },
      },
    );
    assert.equal(status, 0, stderr);
    const loaded = [...stderr.matchAll(/^loaded .*\/node_modules\/((?:@[^/]+\/)?[^/]+)/gm)].map(
      (match) => match[1]!,
    );
    assert.ok(stderr.includes('loaded '));
    return [...new Set(loaded)].sort();
  };
  const ofTheCommandLine =
    /^(?:yargs|yargs-parser|y18n|cliui|escalade|get-caller-file|string-width|strip-ansi|wrap-ansi|ansi-.*|emoji-regex|get-east-asian-width|eastasianwidth|fastest-levenshtein|picocolors)$/;

  for (const option of ['--help', '--version', '--completion=bash']) {
    it(`loads for ${option} what reads a command line, and nothing else`, () => {
      assert.deepEqual(
        packages(option).filter((name) => !ofTheCommandLine.test(name)),
        [],
      );
    });
  }

  it('loads neither engines nor transports to show a configuration', () => {
    const loaded = packages(
      '--action',
      'config-view',
      '--config-file',
      '',
      '--log-file',
      '',
      '--runlog-dir',
      '',
    );
    for (const heavy of ['mongodb', 'libsql', 'nodemailer', 'i18next', 'mustache', 're2js'])
      assert.ok(!loaded.includes(heavy), heavy);
  });
});
