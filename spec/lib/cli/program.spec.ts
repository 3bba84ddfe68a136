import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { PAGES } from '../../../lib/cli/docs/pages.ts';
import { shipped } from '../../../lib/config/locations.ts';
import { takeLock } from '../../../lib/system/lock.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';
import { callProgram, type Call, type Ended } from '../../support/program.ts';

const GROUPS = shipped('conf/sample/groups.json');
const EVENTS = shipped('conf/sample/events.ndjson');
const NOW = Date.UTC(2026, 10, 12);
const WINDOW = ['--time-low', '2026-11-10T00:00:00Z', '--time-high', '2026-11-12T00:00:00Z'];

describe('the program', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
    folder.write('etc/mentat/mentat-reporter.conf', '{"interval": "10_minutes"}');
  });
  afterEach(() => folder.remove());

  const data = (name: string): string => folder.at(join('var/mentat', name));
  const call = (args: string[], more: Call = {}): Promise<Ended> =>
    callProgram(args, { now: NOW, environment: { APP_ROOT_PATH: folder.path }, ...more });
  const fill = async (): Promise<void> => {
    await call(['--action', 'groups-import', '--input', GROUPS]);
    await call(['--action', 'events-import', '--input', EVENTS]);
  };
  const filesBelow = (path: string): Record<string, string> =>
    Object.fromEntries(
      readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'latin1')]),
    );

  describe('a run', () => {
    beforeEach(fill);

    it('by a timer prints nothing, reports, and has nothing more to say the next time', async () => {
      const now = Date.UTC(2026, 11, 1);
      const first = await call(['--regular', ...WINDOW], { now });
      assert.deepEqual([first.code, first.stdout, first.stderr], [0, '', '']);
      const mails = readdirSync(data('spool')).length;
      assert.ok(mails > 0);
      const second = await call(['--regular', '--output', 'json', ...WINDOW]);
      assert.ok(
        second
          .objects()
          .slice(0, -1)
          .every((lane) => lane['result'] === 'skipped-too-soon'),
      );
      assert.equal(readdirSync(data('spool')).length, mails);
    });

    it('prints its lanes, critical ones first, its totals, and that it remembers nothing', async () => {
      const { code, stdout } = await call(WINDOW);
      assert.equal(code, 0);
      const severities = [...stdout.matchAll(/│ (critical|high|medium|low) +│/g)].map((match) => match[1]);
      assert.deepEqual([...new Set(severities)], ['critical', 'high', 'medium', 'low']);
      assert.match(stdout, /16 lanes: 10 reported, 6 without events, 0 too soon, 0 failed/);
      assert.match(stdout, /This run was ad hoc/);
    });

    it('lists lanes without events when asked to', async () => {
      const rows = async (args: string[]) =>
        (await call([...WINDOW, ...args])).stdout.match(/skipped-no-events/g)?.length ?? 0;
      assert.deepEqual([await rows([]), await rows(['--verbose'])], [0, 6]);
    });

    it('for programs prints a lane a line and a summary, and nothing else', async () => {
      const { objects, stderr } = await call(['--output', 'json', '--log-level', 'error', ...WINDOW]);
      const [summary, ...lanes] = objects().reverse();
      assert.equal(lanes.length, 16);
      assert.deepEqual(Object.keys(summary!), ['run', 'to', 'ok', 'lanes', 'events', 'mails', 'failures']);
      assert.deepEqual(
        [summary!['ok'], summary!['to'], summary!['failures']],
        [true, '2026-11-12T00:00:00Z', []],
      );
      assert.equal(stderr, '');
    });

    it('says nothing at all under --quiet', async () => {
      const { code, stdout, stderr } = await call(['--quiet', '--output', 'json', ...WINDOW]);
      assert.deepEqual([code, stdout, stderr], [0, '', '']);
    });

    it('without a trace writes what the real run will send, byte for byte', async () => {
      const before = readFileSync(data('run/mentat-reporter.db'));
      const { code } = await call(['--regular', '--dry-run', folder.at('out'), ...WINDOW]);
      assert.equal(code, 0);
      assert.deepEqual(readFileSync(data('run/mentat-reporter.db')), before);
      assert.equal(existsSync(data('spool')), false);
      await call(['--regular', ...WINDOW]);
      assert.deepEqual(filesBelow(folder.at('out')), {
        ...filesBelow(data('reports')),
        ...filesBelow(data('spool')),
      });
    });

    it('keeps to the groups and severities asked for', async () => {
      const { objects } = await call([
        '--output',
        'json',
        '--severity',
        'low',
        '--abuse-group',
        'noc@lab.example',
        ...WINDOW,
      ]);
      assert.deepEqual(objects().map((lane) => lane['lane'] ?? 'summary').length, 2);
      const wrong = await call(['--abuse-group', 'noc@lab.exmple', ...WINDOW]);
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, /--abuse-group: no such group.*did you mean noc@lab\.example\?/);
    });

    it('waits for the lock of another one, and says that nothing is lost', async () => {
      const lock = await takeLock(data('run/mentat-reporter.lock'), 0);
      const { code, stderr } = await call(['--regular', ...WINDOW], {
        environment: { APP_ROOT_PATH: folder.path, MENTAT_REPORTER_LOCK_TIMEOUT: '0' },
      });
      lock.release();
      assert.equal(code, 1);
      assert.match(stderr, /another reporter is running.*nothing is lost/);
    });

    it('goes on with the other groups when one is unusable, and ends with 1', async () => {
      folder.write('groups/a.json', readFileSync(GROUPS));
      folder.write('groups/b.json', '{"name": "bad", "networks": [{"network": "192.0.2"}]}');
      const { code, stdout, stderr } = await call(['--groups', folder.at('groups'), ...WINDOW]);
      assert.equal(code, 1);
      assert.match(stderr, /ERROR: .*b\.json, group "bad", networks\[0\]\.network: wrong value/);
      assert.match(stdout, /10 reported/);
      assert.match(stdout, /failed: .*b\.json/);
    });
  });

  it('replays events without remembering them', async () => {
    const args = [
      '--groups',
      GROUPS,
      '--output',
      'json',
      '--log-level',
      'error',
      '--mail',
      `spool:${folder.at('mails')}`,
    ];
    const fromFile = await call([...args, '--events', EVENTS]);
    const fromStdin = await call([...args, '--events', '-'], { stdin: readFileSync(EVENTS) });
    for (const { code, objects } of [fromFile, fromStdin]) {
      const summary = objects().at(-1)!;
      assert.deepEqual([code, summary['ok'], summary['lanes']], [0, true, 16]);
      assert.deepEqual(summary['events'], {
        read: 61,
        routed: 57,
        'test-data': 3,
        'unknown-group': 1,
        'no-severity': 2,
      });
    }
    assert.ok(readdirSync(folder.at('mails')).length > 0);
    const plan = (await call(['--action', 'plan-view', '--output', 'json'])).objects();
    assert.deepEqual([plan.length, 'group' in plan[1]!], [2, false]);
  });

  it('takes the spool for a replay although a server is configured', async () => {
    folder.write('etc/mentat/mentat-reporter.conf', '{"mail": "smtp://127.0.0.1:1"}');
    assert.equal((await call(['--groups', GROUPS, '--events', EVENTS])).code, 0);
    assert.ok(readdirSync(data('spool')).length > 0);
  });
});

describe('the pages that are made from schemas', () => {
  for (const [path, make] of Object.entries(PAGES))
    it(`${path} is what \`npm run docs\` writes today`, () =>
      assert.equal(readFileSync(shipped(path), 'utf8'), make(), 'run npm run docs'));
});

describe('the executable', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const start = (args: string[]) =>
    spawn(process.execPath, [shipped('bin/mentat-reporter'), ...args], {
      cwd: folder.path,
      env: { PATH: process.env['PATH'], TZ: 'Pacific/Auckland' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const run = async (args: string[]) => {
    const child = start(args);
    const ended = once(child, 'close') as Promise<[number]>;
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: (await ended)[0], stdout, stderr };
  };

  // Arguments, exit code, and what stands on stdout and stderr.
  const calls: [string[], number, RegExp, RegExp][] = [
    [['--help'], 0, /^Usage: mentat-reporter \[options\]/, /^$/],
    [['--version'], 0, /^mentat-reporter \d+\.\d+\.\d+\n$/, /^$/],
    [['--regulr'], 2, /^$/, /^mentat-reporter: unknown option --regulr \(did you mean --regular\?\)\n$/],
    [['--time-high', '2016-13-01T00:00:00Z'], 2, /^$/, /^mentat-reporter: --time-high: wrong value.*\n$/],
    [
      ['--config-file', 'none.conf'],
      1,
      /^$/,
      /^mentat-reporter: none\.conf: configuration file is missing.*\n$/,
    ],
    [
      ['--events', 'none.ndjson', '--shell'],
      1,
      /^$/,
      /\nmentat-reporter: none\.ndjson: there is no such file\n$/,
    ],
  ];
  for (const [args, code, stdout, stderr] of calls) {
    it(`ends with ${code} on ${args.join(' ')}`, async () => {
      const ended = await run(args);
      assert.equal(ended.code, code, ended.stderr);
      assert.match(ended.stdout, stdout);
      assert.match(ended.stderr, stderr);
    });
  }

  it('shows a stack trace with --debug only', async () => {
    const args = ['--config-file', 'none.conf'];
    assert.doesNotMatch((await run(args)).stderr, /\n +at /);
    assert.match((await run([...args, '--debug'])).stderr, /\n +at /);
  });

  it('names a full disk under its output, and ends with 1', async function () {
    if (!existsSync('/dev/full')) this.skip();
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [shipped('bin/mentat-reporter'), '--help'], {
      stdio: ['ignore', full, 'pipe'],
    });
    const ended = once(child, 'close') as Promise<[number]>;
    assert.match(await text(child.stderr!), /^mentat-reporter: output cannot be written \(.*ENOSPC.*\)\n$/);
    assert.equal((await ended)[0], 1);
    closeSync(full);
  });

  it('survives that nobody reads its output', async () => {
    const groups = Array.from({ length: 3_000 }, (_, i) => ({
      name: `group-${i}@example.org`,
      description: 'x'.repeat(100),
    }));
    const listing = start([
      '--groups',
      folder.write('groups.json', JSON.stringify(groups)),
      '--action',
      'groups-list',
      '--output',
      'json',
    ]);
    listing.stdout.destroy();
    const ended = once(listing, 'close') as Promise<[number]>;
    const stderr = await text(listing.stderr);
    assert.equal((await ended)[0], 0, stderr);
    assert.doesNotMatch(stderr, /EPIPE/);
  });
});
