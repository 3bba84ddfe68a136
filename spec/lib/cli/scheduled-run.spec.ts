import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { shipped } from '../../../lib/config/locations.ts';
import { takeLock } from '../../../lib/system/lock.ts';
import type { Runlog } from '../../../lib/observe/runlog/record.ts';
import { openEmbeddedStore } from '../../../lib/store/embedded/index.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';
import { callProgram, type Call, type Ended } from '../../support/program.ts';

const GROUPS = shipped('conf/sample/groups.json');
const EVENTS = shipped('conf/sample/events.ndjson');
/** A minute and a half after midnight: something to floor. */
const NOW = Date.UTC(2026, 10, 12, 0, 1, 30);
const LOW = ['--time-low', '2026-11-10T00:00:00Z'];

describe('the life of a run', () => {
  let folder: Folder;
  beforeEach(async () => {
    folder = makeFolder();
    folder.write('etc/mentat/mentat-reporter.conf', '{"interval": "10_minutes"}');
    await call(['--action', 'groups-import', '--input', GROUPS]);
    await call(['--action', 'events-import', '--input', EVENTS]);
  });
  afterEach(() => folder.remove());

  const data = (name: string): string => folder.at(join('var/mentat', name));
  const call = (args: string[], { environment = {}, ...more }: Call = {}): Promise<Ended> =>
    callProgram(args, { now: NOW, environment: { APP_ROOT_PATH: folder.path, ...environment }, ...more });
  const runlogs = (): Runlog[] => {
    const place = data('run/mentat-reporter');
    if (!existsSync(place)) return [];
    return readdirSync(place)
      .sort()
      .map((name) => JSON.parse(readFileSync(join(place, name), 'utf8')) as Runlog);
  };
  const log = (): string => readFileSync(data('log/mentat-reporter.log'), 'utf8');
  const statesIn = (path: string): Record<string, number> => {
    const { reporter_store, ...states } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
    assert.match(String(reporter_store), /^[0-9a-f]{16}$/);
    return states;
  };
  const lanes = async (): Promise<Map<string, number | undefined>> => {
    const store = openEmbeddedStore(data('run/mentat-reporter.db'), { readOnly: true });
    const states = await store.lanes.statesByPrefix('live/');
    await store.close();
    return new Map(states.map(({ lane, to }) => [lane, to]));
  };

  it('warns of a timer that starts it long after its slot has ended, once a slot', async () => {
    const run = async (instant: string) => {
      const args = ['--regular', '--interval', 'weekly'];
      const { stderr } = await call(args, { now: Date.parse(instant) });
      return /the slot ended at (\S+), (.*) ago: set the timer/.exec(stderr)?.slice(1);
    };
    // Of three Thursdays the first has nothing to continue, and the second is on time.
    assert.equal(await run('2026-11-16T01:00:00Z'), undefined);
    assert.equal(await run('2026-11-19T00:01:00Z'), undefined);
    assert.deepEqual(await run('2026-11-30T01:00:00Z'), ['2026-11-26T00:00:00Z', '4 days, 1:00:00']);
    assert.equal(await run('2026-11-30T02:00:00Z'), undefined);
  });

  describe('in each mode', () => {
    interface Traits {
      readonly stdout: boolean;
      /** Whether a line of level info, and one of level warning, stands on stderr. */
      readonly console: readonly [info: boolean, warning: boolean];
      readonly logFile: boolean;
      readonly runlog: boolean;
      readonly stateSaved: boolean;
      readonly floored: boolean;
      /** What a second run at the same time says of a lane that has just been worked. */
      readonly again: string;
      /** Mails of the second run. */
      readonly mailsAgain: boolean;
    }
    const modes: [string, readonly string[], Traits][] = [
      [
        'default',
        [],
        { stdout: true, console: [true, true], logFile: true, runlog: true, stateSaved: false, floored: false, again: 'reported', mailsAgain: true }, // prettier-ignore
      ],
      [
        '--regular',
        ['--regular'],
        { stdout: false, console: [false, true], logFile: true, runlog: true, stateSaved: true, floored: true, again: 'skipped-too-soon', mailsAgain: false }, // prettier-ignore
      ],
      [
        '--shell',
        ['--shell'],
        { stdout: true, console: [true, true], logFile: false, runlog: false, stateSaved: false, floored: false, again: 'reported', mailsAgain: true }, // prettier-ignore
      ],
    ];
    for (const [name, args, is] of modes) {
      describe(name, () => {
        let first: Ended;
        beforeEach(async () => {
          folder.write(
            'etc/mentat/mentat-reporter.conf',
            '{"interval": "10_minutes", "settle": 0, "no_such_key": 1}',
          );
          rmSync(data('log'), { recursive: true });
          first = await call([...args, ...LOW]);
          assert.equal(first.code, 0, first.stderr);
        });
        const mails = (): number => readdirSync(data('spool')).length;

        it(`${is.stdout ? 'prints its lanes' : 'prints nothing'} on stdout`, () => {
          assert.equal(first.stdout !== '', is.stdout);
        });

        it(`shows on the console ${is.console[0] ? 'what is logged' : 'warnings only'}`, () => {
          assert.equal(first.stderr.includes(' INFO: '), is.console[0]);
          assert.equal(first.stderr.includes(' WARNING: '), is.console[1]);
        });

        it(`${is.logFile ? 'writes' : 'does not even open'} the log file`, () => {
          assert.equal(existsSync(data('log/mentat-reporter.log')), is.logFile);
        });

        it(`saves ${is.runlog ? 'a' : 'no'} runlog`, () => {
          assert.equal(runlogs().length, is.runlog ? 1 : 0);
        });

        it('reads the state of lanes that the store does not know', async () => {
          const from = Date.UTC(2026, 10, 11) / 1000;
          const fresh = ['--store', `sqlite:${folder.at('fresh.db')}`, '--groups', GROUPS];
          folder.write('state', JSON.stringify({ 'ts_last_low_csirt@example.net': from }));
          const { objects } = await call([
            ...args,
            ...fresh,
            '--pstate-file',
            folder.at('state'),
            '--output',
            'json',
          ]);
          const lane = objects().find(
            (one) => one['group'] === 'csirt@example.net' && one['severity'] === 'low',
          );
          assert.equal(lane!['from'], '2026-11-11T00:00:00Z');
        });

        it(
          is.stateSaved ? 'remembers where lanes stand, in store and file' : 'remembers nothing',
          async () => {
            assert.equal(existsSync(data('run/mentat-reporter.pstate')), is.stateSaved);
            assert.equal((await lanes()).size, is.stateSaved ? 16 : 0);
            if (is.stateSaved) {
              const file = statesIn(data('run/mentat-reporter.pstate'));
              for (const [lane, to] of await lanes()) {
                const [, severity, group] = lane.split('/');
                assert.equal(file[`ts_last_${severity}_${group}`], to! / 1000);
              }
            }
          },
        );

        it(`ends its window ${is.floored ? 'at the slot' : 'now'}`, async () => {
          const { objects } = await call([...args, '--output', 'json']);
          assert.equal(objects().at(-1)!['to'], is.floored ? '2026-11-12T00:00:00Z' : '2026-11-12T00:01:30Z');
        });

        it(`${is.mailsAgain ? 'tells everything again' : 'is too soon'} the next time`, async () => {
          const before = mails();
          assert.ok(before > 0);
          const { objects } = await call([...args, ...LOW, '--output', 'json']);
          const lane = objects().find(
            (one) => one['group'] === 'csirt@example.net' && one['severity'] === 'medium',
          );
          assert.equal(lane!['result'], is.again);
          assert.equal(mails() > before, is.mailsAgain);
        });
      });
    }

    it('keeps quiet in a scheduled run what was told, and in no other', async () => {
      await call(['--regular', ...LOW]);
      const later = { now: NOW + 5 * 86_400_000 };
      const quiet = async (args: string[]) => {
        const { objects } = await call([...args, '--output', 'json'], later);
        return objects().reduce((sum, one) => sum + Number(one['evcount_thr_blk'] ?? 0), 0);
      };
      assert.equal(await quiet([]), 0);
      assert.equal(await quiet(['--shell']), 0);
      assert.ok((await quiet(['--regular'])) > 0);
    });

    it('--regular and --quiet print no action and no dump, whatever else they do', async () => {
      await call(['--regular', ...LOW]);
      for (const mode of ['--regular', '--quiet']) {
        for (const action of [
          'runlogs-list',
          'runlogs-dump',
          'runlogs-evaluate',
          'runlog-view',
          'runlog-dump',
        ])
          assert.equal((await call([mode, '--action', action])).stdout, '', `${mode} ${action}`);
        assert.equal((await call([mode, '--runlog-dump', '--pstate-dump'])).stdout, '');
      }
    });

    it('--shell dumps what it does not save', async () => {
      const { stdout } = await call(['--shell', '--runlog-dump', ...LOW]);
      assert.match(stdout, /\n {4}"result": "success",\n/);
    });

    it('a dry run leaves nothing behind but what it would send', async () => {
      const before = filesBelow(folder.path);
      const { code } = await call(['--regular', '--dry-run', folder.at('out'), '--runlog-log', ...LOW]);
      assert.equal(code, 0);
      const added = filesBelow(folder.path).filter((path) => path !== 'out' && !before.includes(path));
      assert.ok(added.length > 0);
      assert.deepEqual(added.filter((path) => !path.startsWith('out/')), []); // prettier-ignore
    });

    const filesBelow = (path: string): string[] =>
      (readdirSync(path, { recursive: true }) as string[]).filter((name) => !/-(?:wal|shm)$/.test(name));

    it('a replay leaves a runlog and no state', async () => {
      assert.equal((await call(['--groups', GROUPS, '--events', EVENTS])).code, 0);
      const [runlog] = runlogs();
      assert.equal(runlog!.report!.events['read'], 61);
      assert.equal(existsSync(data('run/mentat-reporter.pstate')), false);
    });
  });

  describe('that fails', () => {
    const unwritable = (name: string): string => folder.write(name, 'a file, and no folder');
    // What keeps it from being worked; and what is said of it.
    const failures: [string, () => Promise<string[]>, RegExp][] = [
      [
        'as its store cannot be reached',
        () => Promise.resolve(['--store', 'mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=50']),
        /mongodb:\/\/127\.0\.0\.1:1\/x: no usable server answers/,
      ],
      [
        'as its store is something else',
        () => Promise.resolve(['--store', `sqlite:${folder.write('x.db', 'no database'.repeat(500))}`]),
        /x\.db/,
      ],
      [
        'as its groups cannot be read',
        () => Promise.resolve(['--groups', folder.at('no/groups.json')]),
        /no\/groups\.json: /,
      ],
      [
        'as there is no place for temporary files',
        () => Promise.resolve([]),
        /cannot make a folder for temporary files/,
      ],
      [
        'as another one has the lock',
        async () => {
          const lock = await takeLock(data('run/mentat-reporter.lock'), 0);
          held.push(lock);
          return [];
        },
        /another reporter is running/,
      ],
      [
        'as its window is empty',
        () => Promise.resolve(['--time-high', '2026-11-09T00:00:00Z']),
        /--time-low: the lower bound is not before the upper one/,
      ],
    ];
    let held: { release(): void }[];
    beforeEach(() => {
      held = [];
    });
    afterEach(() => {
      for (const lock of held) lock.release();
    });

    for (const [why, arrange, said] of failures) {
      it(`${why} says so once, logs it, and leaves a runlog with the cause`, async () => {
        const args = await arrange();
        const environment = {
          MENTAT_REPORTER_LOCK_TIMEOUT: '0',
          ...(why.includes('temporary') ? { TMPDIR: unwritable('tmp') } : {}),
        };
        const { code, stdout, stderr } = await call(['--regular', ...LOW, ...args], { environment });
        const rc = why.includes('window') ? 2 : 1;
        assert.equal(code, rc);
        assert.equal(stdout, '');
        assert.match(stderr, said);
        assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
        assert.doesNotMatch(stderr, /\n +at /);
        const [runlog] = runlogs();
        assert.deepEqual([runlog!.result, runlog!.rc, runlog!.errors.length], ['failure', rc, 1]);
        assert.match(runlog!.errors[0]!, said);
        assert.deepEqual(
          runlog!.time_marks.map(({ ident }) => ident),
          ['setup', 'process', 'evaluate'].flatMap((stage) => [
            `stage_${stage}_start`,
            `stage_${stage}_stop`,
          ]),
        );
        const critical = log()
          .split('\n')
          .filter((line) => line.includes('"level":60'));
        assert.equal(critical.length, 1);
        assert.match(critical[0]!, said);
        // Nothing has moved.
        assert.equal((await lanes()).size, 0);
      });
    }

    it('by a problem of the program keeps its stack in the log, and shows it with --debug only', async () => {
      const random = (): number => {
        throw new RangeError('out of luck');
      };
      const { code, stderr } = await call(['--regular', ...LOW], { random });
      assert.equal(code, 1);
      assert.match(stderr, /^mentat-reporter: out of luck \(this is a problem of the program.*\n$/);
      assert.match(log(), /RangeError: out of luck\\n +at /);
      assert.deepEqual(runlogs()[0]!.errors, ['out of luck']);
      assert.match(
        (await call(['--regular', '--debug'], { random })).stderr,
        /RangeError: out of luck\n +at /,
      );
    });

    // Done in the middle of a run, when its setup found everything in order.
    const spoil = (what: () => void) => {
      const random = (): number => {
        what();
        return 0.5;
      };
      return call(['--regular', '--metrics-file', folder.at('m.prom'), ...LOW], { random });
    };

    it('to save its runlog still saves state and metrics', async () => {
      const { code, stderr } = await spoil(() => {
        rmSync(data('run/mentat-reporter'), { recursive: true });
        folder.write('var/mentat/run/mentat-reporter', 'in the way');
      });
      assert.equal(code, 1);
      assert.match(stderr, / ERROR: .*cannot write the runlog.*\n$/);
      assert.equal(Object.keys(statesIn(data('run/mentat-reporter.pstate'))).length, 16);
      assert.match(readFileSync(folder.at('m.prom'), 'utf8'), /\nmentat_reporter_last_run_success\{.*\} 0\n/);
    });

    it('to save its state still leaves a runlog that says so, and what it did stands', async () => {
      const { code, stderr } = await spoil(() => {
        mkdirSync(data(`run/.mentat-reporter.pstate.${process.pid}.tmp/x`), { recursive: true });
      });
      assert.equal(code, 1);
      assert.match(stderr, / ERROR: .*cannot write the state file.*\n$/);
      const [runlog] = runlogs();
      assert.equal(runlog!.result, 'failure');
      assert.match(runlog!.errors[0]!, /cannot write the state file/);
      assert.equal(runlog!.report!.lanes.reported, 10);
      assert.equal((await lanes()).size, 16);
    });

    it('in a lane says which one, keeps what others did, and leaves a runlog that names it', async () => {
      // A file is in the way of the folder of that day's reports.
      folder.write('var/mentat/reports/20261112', 'in the way');
      const { code, stdout } = await call(LOW);
      assert.equal(code, 1);
      assert.match(stdout, /10 failed/);
      const [runlog] = runlogs();
      assert.equal(runlog!.report!.lanes.failed, 10);
      assert.match(runlog!.errors[0]!, /report file cannot be written/);
      const failed = Object.values(runlog!.report!.reports).flatMap((lanes) => Object.values(lanes));
      assert.ok(failed.every((lane) => lane.result === 'failed' && /report file/.test(lane.error!)));
    });
  });

  it('begins where its own store ended, not where another one did that the state file names', async () => {
    await call(['--regular', ...LOW]);
    const other = ['--store', `sqlite:${folder.at('other.db')}`];
    await call([...other, '--action', 'groups-import', '--input', GROUPS], { secret: 8 });
    await call([...other, '--action', 'events-import', '--input', EVENTS]);
    const { code, stderr } = await call([
      ...other,
      '--regular',
      '--log-level',
      'info',
      '--runlog-dump',
      ...LOW,
    ]);
    assert.equal(code, 0, stderr);
    assert.match(log(), /the state file names another store/);
    assert.equal(runlogs().at(-1)!.report!.lanes.reported, 10);
  });

  describe('before it begins', () => {
    const cases: [string, string, RegExp][] = [
      ['no JSON', '{\n  "ts_last_low_a": 1,\n}', /state, line 3, column 1: damaged state file: no valid JSON \(.*mend or remove it/],
      ['no object', '[1]', /state: damaged state file: wrong content, got \[1\]/],
      ['a wrong value', '# ours\n{ "x": 0,\n  "ts_last_low_a@b": "now" }', /state, line 3, column 3: damaged state file: wrong value of "ts_last_low_a@b", got "now"/],
      ['a negative one', '{"ts_last_low_a": -1}', /expected seconds since the epoch/],
      ['milliseconds', '{"ts_last_low_a": 1794441600000}', /expected seconds since the epoch/],
    ]; // prettier-ignore
    for (const [what, text, said] of cases) {
      it(`refuses a state file with ${what}, and does not write over it`, async () => {
        const path = folder.write('state', text);
        const { code, stderr } = await call(['--regular', '--pstate-file', path, ...LOW]);
        assert.equal(code, 1);
        assert.match(stderr, said);
        assert.equal(stderr.trimEnd().split('\n').length, 1);
        assert.equal(readFileSync(path, 'utf8'), text);
        assert.equal((await lanes()).size, 0);
      });
    }

    const folders: [string, string[], RegExp][] = [
      ['of the state file', ['--pstate-file', 'no/such/state'], /no\/such: cannot write into the folder/],
      ['of the metrics', ['--metrics-file', 'no/such/m.prom'], /no\/such: cannot write into the folder/],
      ['of runlogs', ['--runlog-dir', '/dev/null/runs'], /\/dev\/null\/runs: cannot make the folder/],
    ];
    for (const [what, args, said] of folders) {
      it(`refuses a folder ${what} that cannot be written into`, async () => {
        const { code, stderr } = await call(['--regular', ...args, ...LOW]);
        assert.equal(code, 1);
        assert.match(stderr, said);
        assert.equal((await lanes()).size, 0);
      });
    }

    it('makes a folder of runlogs with its parents, and takes an empty name for none', async () => {
      await call(['--runlog-dir', folder.at('a/b'), ...LOW]);
      assert.equal(readdirSync(folder.at('a/b')).length, 1);
      await call(['--runlog-dir', '', '--pstate-file', '', '--regular', ...LOW]);
      assert.deepEqual(runlogs(), []);
      assert.equal(existsSync(data('run/mentat-reporter.pstate')), false);
    });
  });

  describe('with a state that was left by others', () => {
    it('goes on where they stopped, honours the period, and writes it into the store at once', async () => {
      const at = Date.UTC(2026, 10, 11, 12) / 1000;
      const path = folder.write(
        'state',
        JSON.stringify({
          'ts_last_low_csirt@example.net': at,
          'ts_last_medium_csirt@example.net': at,
          other: 'x',
        }),
      );
      const { code, objects } = await call(['--regular', '--pstate-file', path, '--output', 'json']);
      assert.equal(code, 0);
      const lane = (severity: string) =>
        objects().find((one) => one['group'] === 'csirt@example.net' && one['severity'] === severity)!;
      // Low is told once a day, medium every two hours.
      assert.equal(lane('low')['result'], 'skipped-too-soon');
      assert.equal(lane('medium')['from'], '2026-11-11T12:00:00Z');
      assert.equal((await lanes()).get('live/low/csirt@example.net'), at * 1000);
      assert.equal(statesIn(path)['ts_last_low_csirt@example.net'], at);
      // From then on the store is the truth.
      folder.write('state', JSON.stringify({ 'ts_last_low_csirt@example.net': 0 }));
      await call(['--regular', '--pstate-file', path]);
      assert.equal(statesIn(path)['ts_last_low_csirt@example.net'], at);
    });

    it('is shown by plan-view as a run would find it', async () => {
      const at = Date.UTC(2026, 10, 11, 12) / 1000;
      const path = folder.write('state', JSON.stringify({ 'ts_last_low_csirt@example.net': at }));
      const { objects } = await call(['--action', 'plan-view', '--pstate-file', path, '--output', 'json']);
      const lane = objects().find(
        (one) => one['group'] === 'csirt@example.net' && one['severity'] === 'low',
      )!;
      assert.deepEqual([lane['from'], lane['reason']], ['2026-11-11T12:00:00Z', 'too-soon']);
    });

    it('is kept by every shard in a file of its own, which begins with that of the whole', async () => {
      const at = Date.UTC(2026, 10, 11, 12) / 1000;
      folder.write(
        'var/mentat/run/mentat-reporter.pstate',
        JSON.stringify({ 'ts_last_low_csirt@example.net': at }),
      );
      for (const shard of ['0/2', '1/2'])
        assert.equal((await call(['--regular', '--shard', shard, ...LOW])).code, 0);
      const files = ['0', '1'].map((i) => statesIn(data(`run/mentat-reporter-${i}-of-2.pstate`)));
      assert.equal(
        files.reduce((sum, file) => sum + Object.keys(file).length, 0),
        16,
      );
      assert.deepEqual(
        files.map((file) => file['ts_last_low_csirt@example.net']).filter((to) => to !== undefined),
        [at],
      );
    });

    it('belongs to the live track alone', async () => {
      const { code } = await call([
        '--regular',
        '--mail-test-mode',
        '--metrics-file',
        folder.at('m.prom'),
        ...LOW,
      ]);
      assert.equal(code, 0);
      assert.equal(existsSync(data('run/mentat-reporter.pstate')), false);
      assert.equal(existsSync(folder.at('m.prom')), false);
      assert.equal(runlogs()[0]!.report!.track, 'mail-test');
    });
  });

  it('that is stopped while it is still loading ends like one that is running', async () => {
    const { code, stderr } = await call(['--regular', ...LOW], { signal: 'SIGTERM' });
    assert.equal(code, 1);
    assert.match(stderr, /WARNING: stop requested.*\n.* ERROR: ended by SIGTERM/);
    const [runlog] = runlogs();
    assert.deepEqual([runlog!.result, runlog!.report!.standing.length], ['failure', 16]);
    assert.equal((await call(['--action', 'groups-list'], { signal: 'SIGINT' })).code, 1);
  });

  it('says at level debug what it goes by, and no password', async () => {
    folder.write(
      'etc/mentat/mentat-reporter.conf',
      '{"interval": "hourly", "mail": "smtp://u:hidden@127.0.0.1:1"}',
    );
    const { stderr } = await call(['--log-level', 'debug', '--dry-run', folder.at('out')]);
    for (const said of [
      /DEBUG: paths: \{.*"runlogs"/,
      /DEBUG: file .*mentat-reporter\.conf: \{"interval":"hourly"/,
      /DEBUG: configuration: /,
      /smtp:\/\/u:\*\*\*@/,
    ])
      assert.match(stderr, said);
    assert.doesNotMatch(stderr, /hidden/);
  });

  it('puts no password of its command line into the runlog', async () => {
    await call(['--store', 'mongodb://u:hidden@127.0.0.1:1/?serverSelectionTimeoutMS=50']);
    assert.doesNotMatch(JSON.stringify(runlogs()), /hidden/);
    assert.match(JSON.stringify(runlogs()), /u:\*\*\*@/);
  });

  it('keeps as many runlogs as it is told to', async () => {
    const environment = { MENTAT_REPORTER_RUNLOG_KEEP: '2' };
    for (let i = 0; i < 4; i++) await call(LOW, { environment, now: NOW + i * 60_000 });
    assert.deepEqual(runlogs().map((runlog) => runlog.ts_fsf), ['202611120003', '202611120004']); // prettier-ignore
  });
});
