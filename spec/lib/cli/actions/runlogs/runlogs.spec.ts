import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { makeFolder, type Folder } from '../../../../support/folder.ts';
import { callProgram, type Ended } from '../../../../support/program.ts';

const NOW = Date.UTC(2026, 10, 25, 3, 0, 0);
const marks = (work: number) => [
  { ident: 'stage_setup_start', descr: '', time: 0 },
  { ident: 'stage_process_start', descr: '', time: 0 },
  { ident: 'stage_process_stop', descr: '', time: work },
  { ident: 'stage_evaluate_stop', descr: '', time: work * 2 },
];
const runlog = (ts_str: string, work: number, more: object = {}) => ({
  argv: ['reporter', '--mail', 'smtp://u:hidden@h'],
  ts: Date.parse(`${ts_str.replace(' ', 'T')}Z`) / 1000,
  ts_str,
  command: 'report',
  result: 'success',
  errors: [],
  time_marks: marks(work),
  ...more,
});

describe('actions that look into runlogs', () => {
  let folder: Folder;
  const place = 'var/mentat/run/mentat-reporter';
  const [older, newer] = [`${place}/202611250240.h.1.runlog`, `${place}/202611250250.h.2.runlog`];
  beforeEach(() => {
    folder = makeFolder();
    folder.write('etc/mentat/mentat-reporter.conf', '{"log_level": "warning"}');
    folder.write(older, JSON.stringify(runlog('2026-11-25 02:40:00', 1)));
    folder.write(
      newer,
      JSON.stringify(
        runlog('2026-11-25 02:50:00', 3, {
          result: 'failure',
          errors: ['\u001b[2Jbroken'],
          report: { reports: { 'a@b': { low: { evcount_all: 5, summary_id: 'S1', mail_to: ['x@y'] } } } },
        }),
      ),
    );
    folder.write(`${place}/202611250255.h.3.runlog`, 'no runlog');
  });
  afterEach(() => folder.remove());

  const call = (action: string, ...args: string[]): Promise<Ended> =>
    callProgram(['--action', action, ...args], { now: NOW, environment: { APP_ROOT_PATH: folder.path } });

  it('runlogs-list names all, newest first, and how many there are', async () => {
    const { code, stdout } = await call('runlogs-list', '--limit', '2');
    assert.equal(code, 0);
    assert.match(
      stdout,
      /Number of runlogs: 3\nLimit: 2\n.*mentat-reporter\n├─ .*0255\.h\.3\.runlog\n└─ .*0250\.h\.2\.runlog\n$/s,
    );
    const { objects } = await call('runlogs-list', '--output', 'json');
    assert.deepEqual(objects()[0], { directory: folder.at(place), count: 3, limit: null });
    assert.deepEqual(objects().slice(2), [{ file: folder.at(newer) }, { file: folder.at(older) }]);
  });

  it('runlogs-evaluate adds up those that can be read, and names the others', async () => {
    const { code, stdout, stderr } = await call('runlogs-evaluate');
    assert.equal(code, 0);
    assert.match(stderr, /WARNING: left out: .*0255\.h\.3\.runlog: no runlog: no valid JSON/);
    assert.match(
      stdout,
      /│ 2026-11-25 02:50:00 │ 0:10:00 │ 0:00:06 +│ 0:00:03 +│ +50\.00 │ +1 │ report +│ failure │/,
    );
    assert.match(stdout, /│ Average │ 0:00:04 +│ 0:00:02 +│ +50\.00 │/);
    assert.match(stdout, /│ 2026-11-25 02:40:00 │ +0 │/);
    const { objects } = await call('runlogs-evaluate', '--output', 'json');
    const [head, newest, oldest, all, ...more] = objects();
    assert.deepEqual(
      [head!['count'], newest!['file'], oldest!['dur_run'], more],
      [3, folder.at(newer), 2, []],
    );
    assert.deepEqual(all, {
      min_dur_run: 2,
      max_dur_run: 6,
      avg_dur_run: 4,
      min_dur_proc: 1,
      max_dur_proc: 3,
      avg_dur_proc: 2,
      min_effectivity: 50,
      max_effectivity: 50,
      avg_effectivity: 50,
    });
  });

  it('runlog-view shows one, errors and reports, and nothing that drives a terminal', async () => {
    const { code, stdout } = await call('runlog-view', '--input', folder.at(newer));
    assert.equal(code, 0);
    assert.match(stdout, /│ Runtime +│ 0:00:06 +│/);
    assert.match(stdout, /Errors:\n {2}– \\u\{1b\}\[2Jbroken\n/);
    assert.match(stdout, /Groups:\n {2}– a@b\nSummary reports:\n {2}– S1\nMail destinations:\n {2}– x@y\n$/);
    assert.equal(stdout.includes('\u001b'), false);
  });

  it('runlog-dump and runlogs-dump show everything but passwords', async () => {
    const one = await call('runlog-dump', '--input', folder.at(older));
    const all = await call('runlogs-dump', '--output', 'json');
    assert.match(one.stdout, /^Runlog .*0240\.h\.1\.runlog\n├─ argv\n│ {2}├─ reporter\n/);
    assert.deepEqual(all.objects().slice(1).map(({ file }) => file), [folder.at(newer), folder.at(older)]); // prettier-ignore
    for (const { stdout } of [one, all]) {
      assert.match(stdout, /smtp:\/\/u:\*\*\*@h/);
      assert.doesNotMatch(stdout, /hidden/);
    }
  });

  it('take the newest where none is named, and refuse one that cannot be read', async () => {
    const { code, stderr } = await call('runlog-view');
    assert.deepEqual([code, /0255\.h\.3\.runlog: no runlog/.test(stderr)], [1, true]);
    assert.equal((await call('runlog-dump', '--input', folder.at('none'))).code, 1);
  });

  it('say so where there are none', async () => {
    for (const action of ['runlog-dump', 'runlog-view', 'runlogs-list', 'runlogs-dump', 'runlogs-evaluate']) {
      const { code, stdout } = await call(action, '--runlog-dir', folder.at('none'));
      assert.equal(code, 0);
      assert.match(stdout, /There are no runlogs in .*none\.\n$|Number of runlogs: 0\n$/, action);
    }
    assert.match((await call('runlogs-list', '--runlog-dir', '')).stderr, /runlog_dir: no runlogs are kept/);
  });

  it('open no store and take no lock', async () => {
    await call('runlogs-evaluate');
    for (const name of ['mentat-reporter.db', 'mentat-reporter.lock', 'mentat-reporter.pstate'])
      assert.equal(existsSync(folder.at(`var/mentat/run/${name}`)), false, name);
  });
});
