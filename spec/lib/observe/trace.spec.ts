import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { makeFolder, type Folder } from '../../support/folder.ts';
import { callProgram } from '../../support/program.ts';

describe('the trace of --debug', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
    folder.write('etc/mentat/mentat-reporter.conf', '{"interval": "hourly"}');
  });
  afterEach(() => folder.remove());

  const call = (...args: string[]) =>
    callProgram(args, {
      now: Date.UTC(2026, 0, 31, 12),
      environment: { APP_ROOT_PATH: folder.path, MENTAT_REPORTER_MAIL: 'smtp://u:hidden@h' },
    });

  it('tells arguments, sources, settings with their origin, and the exit code, whatever is said of quiet and the log', async () => {
    const { code, stdout, stderr } = await call(
      '--debug',
      '--quiet',
      '--log-level',
      'error',
      '--action',
      'config-view',
    );
    assert.deepEqual([code, stdout], [0, '']);
    const lines = stderr.trimEnd().split('\n');
    for (const line of lines) assert.match(line, /^2026-01-31 12:00:00\.000Z debug: /);
    assert.match(lines[0]!, /arguments \["--debug","--quiet",/);
    assert.match(lines.at(-1)!, /exit code 0$/);
    assert.match(stderr, /debug: name mentat-reporter\n.* debug: read \S+mentat-reporter\.conf\n/);
    assert.match(stderr, /mentat-reporter\.conf: interval = "hourly"\n/);
    assert.match(stderr, /default: db_port = 27017\n/);
    assert.match(stderr, /environment: mail = "smtp:\/\/u:\*\*\*@h"\n/);
    assert.match(stderr, /console log off, log file \S+\.log\n/);
    assert.doesNotMatch(stderr, /hidden/);
  });

  it('is not there without it, and does not change what is logged', async () => {
    assert.equal((await call('--action', 'config-view')).stderr, '');
    const { stderr } = await call('--debug', '--action', 'config-view');
    assert.doesNotMatch(stderr, / DEBUG: /);
  });

  it('shows no password in the stack of what went wrong', async () => {
    const { code, stderr } = await call('--debug', '--store', 'nosuch://u:hidden@h');
    assert.equal(code, 2);
    assert.match(stderr, /\n +at .*exit code 2\n$/s);
    assert.doesNotMatch(stderr, /hidden/);
  });
});
