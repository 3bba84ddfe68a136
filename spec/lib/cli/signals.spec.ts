import { stateFileKey } from '../../../lib/run/plan/previous-state.ts';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, watch } from 'node:fs';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { readState } from '../../../lib/observe/state-file.ts';
import { askToEnd, Installation, WatchedSmtp } from '../../support/cli/unattended.ts';

const TO = Date.UTC(2026, 10, 12);

describe('a run that is ended from outside', () => {
  let place: Installation;
  let smtp: WatchedSmtp;
  let mail: string[];
  beforeEach(async () => {
    place = new Installation();
    smtp = new WatchedSmtp();
    mail = ['--mail', await smtp.start()];
    await place.fill();
  });
  afterEach(async () => {
    place.remove();
    await smtp.stop();
  });

  /** The reports of an undisturbed run, in a place of its own. */
  let undisturbed: readonly string[];
  before(async () => {
    const other = new Installation();
    await other.fill();
    await other.call(...other.regular());
    undisturbed = (await other.truth()).reports;
    other.remove();
  });

  const crashes: [string, string, string][] = [
    ['an error that nobody caught', "throw new RangeError('out of luck at a://u:secret@h')", 'out of luck'],
    [
      'a rejection that nobody handled',
      "Promise.reject(new Error('out of luck a://u:secret@h'))",
      'out of luck',
    ],
    [
      'a stream that nobody listens to',
      "new (require('stream').PassThrough)().destroy(new Error('broken'))",
      'broken',
    ],
  ];
  for (const [what, code, said] of crashes) {
    it(`by ${what} says so in one line, and leaves a runlog and what is true`, async () => {
      const preload = place.folder.write('preload.cjs', `process.once('SIGUSR2', () => { ${code}; });`);
      const child = place.start(place.regular(...mail), ['--require', preload]);
      smtp.hold = true;
      smtp.before = () => child.kill('SIGUSR2');
      const { code: exit, signal, stdout, stderr } = await place.ended(child);
      assert.deepEqual([exit, signal, stdout], [1, null, '']);
      assert.match(
        stderr,
        new RegExp(
          `^mentat-reporter: ${said}.* \\(this is a problem of the program: --debug shows where\\)\\n$`,
        ),
      );
      assert.doesNotMatch(stderr, /secret/);
      const [runlog, ...more] = place.runlogs();
      assert.deepEqual([runlog!.result, runlog!.rc, more], ['failure', 1, []]);
      assert.match(runlog!.errors.join(), new RegExp(`^${said}`));
      assert.match(
        readFileSync(place.data('log/mentat-reporter.log'), 'utf8'),
        new RegExp(`"level":60.*${said}`),
      );
      smtp.hold = false;
      smtp.before = () => undefined;
      assert.equal((await place.call(...place.regular(...mail))).code, 0);
      assert.deepEqual((await place.truth()).reports, undisturbed);
    });
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`by ${signal} finishes the current message and slice, says why, and names the lanes that were not started`, async () => {
      // The five seconds that a stopped run gives a mail server could pass on a loaded machine before this process answers.
      const preload = place.folder.write(
        'preload.cjs',
        `const plain = setTimeout;
         globalThis.setTimeout = (call, ms, ...rest) => plain(call, ms === 5000 ? 600_000 : ms, ...rest);`,
      );
      const child = place.start(place.regular(...mail, '--output', 'json'), ['--require', preload]);
      smtp.before = (number) => number === 1 && askToEnd(child, signal);
      const { code, signal: killed, stdout, stderr } = await place.ended(child);
      assert.deepEqual([code, killed], [1, null]);
      assert.match(stderr, /WARNING: stop requested: the run ends after the current slice/);
      assert.match(stderr, new RegExp(`ERROR: ended by ${signal} \\(nothing is lost`));
      // The critical lanes were the current slice; the mail being sent went out, the others wait.
      assert.equal(smtp.taken.length, 1);
      const [runlog] = place.runlogs();
      assert.deepEqual([runlog!.result, runlog!.rc], ['failure', 1]);
      assert.match(runlog!.errors[0]!, new RegExp(`^ended by ${signal}`));
      const { standing, lanes } = runlog!.report!;
      assert.deepEqual([standing.length, lanes.standing], [12, 12]);
      assert.ok(standing.every((lane) => !lane.startsWith('live/critical/')));
      const printed = stdout.split('\n').filter((line) => line.includes('"result":"standing"'));
      assert.equal(printed.length, 12);
      // Processed lanes have moved, the others have not, in store and file.
      const { lanes: states, pending } = await place.truth();
      assert.equal(pending, 0);
      const { positions: file } = readState([place.data('run/mentat-reporter.pstate')]);
      for (const [lane, to] of states) {
        assert.equal(to === TO, lane.startsWith('live/critical/'), lane);
        assert.equal(file.get(stateFileKey(lane)!), to);
      }
      // The next run does the rest, and sends what waited.
      smtp.before = () => undefined;
      assert.equal((await place.call(...place.regular(...mail))).code, 0);
      const now = await place.truth();
      assert.deepEqual(now.reports, undisturbed);
      assert.ok(now.mails.every((row) => row.state === 'sent'));
      assert.equal(new Set(smtp.taken).size, now.mails.length);
      assert.equal(smtp.taken.length, now.mails.length);
    });
  }

  it('by SIGTERM does not wait long for a mail server, whose mail is due again', async () => {
    const child = place.start(place.regular(...mail));
    smtp.hold = true;
    smtp.before = (number) => number === 1 && askToEnd(child, 'SIGTERM');
    const { code, stderr } = await place.ended(child);
    assert.equal(code, 1, stderr);
    const tried = (await place.truth()).mails.filter((row) => row.state !== 'queued');
    assert.deepEqual(
      tried.map(({ state, reply, lease }) => [state, reply, lease]),
      [['ambiguous', 'no answer before the run was stopped', undefined]],
    );
    assert.match(place.runlogs()[0]!.errors[0]!, /^ended by SIGTERM/);
  });

  it('by a second signal ends at once, and the next run does what is left', async () => {
    // The process sends itself the second one, because this one may get its turn too late: a run waits a few seconds for a message.
    const preload = place.folder.write(
      'preload.cjs',
      `process.once('SIGTERM', () => process.kill(process.pid, 'SIGTERM'));`,
    );
    const child = place.start(place.regular(...mail), ['--require', preload]);
    smtp.before = (number) => number === 1 && child.kill('SIGTERM');
    smtp.hold = true;
    const { code } = await place.ended(child);
    assert.equal(code, 1);
    assert.deepEqual(place.runlogs(), []);
    smtp.hold = false;
    smtp.before = () => undefined;
    assert.equal((await place.call(...place.regular(...mail))).code, 0);
    assert.deepEqual((await place.truth()).reports, undisturbed);
  });

  it('in a replay ends while nobody has begun to write to its pipe', async () => {
    const pipe = place.folder.at('pipe');
    execFileSync('mkfifo', [pipe]);
    const child = place.start(['--events', pipe]);
    child.stderr!.on('data', (chunk: Buffer) => chunk.includes('groups from') && child.kill('SIGTERM'));
    const { code, stderr } = await place.ended(child);
    assert.equal(code, 1);
    assert.match(stderr, /mentat-reporter: ended by SIGTERM \(/);
  });

  it('in a replay stops reading, although its input never ends', async () => {
    const child = place.start(['--events', '-', '--output', 'json']);
    child.stdin!.write(readFileSync('conf/sample/events.ndjson'));
    let said = '';
    // The line with which a run begins its work: from then on it listens.
    child.stderr!.on('data', (chunk: Buffer) => {
      const before = said;
      said += chunk.toString();
      if (!before.includes('groups from') && said.includes('groups from')) child.kill('SIGTERM');
    });
    const { code, stderr } = await place.ended(child);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /ended by SIGTERM/);
  });

  // Killed with nothing to say about it, at a mail or at the first report file of a lane, which is before its commit.
  const deaths: [string, (kill: () => void) => void][] = [
    ...[1, 2, 7, 12].map((n): [string, (kill: () => void) => void] => [
      `at mail ${n}`,
      (kill) => (smtp.before = (number) => number === n && kill()),
    ]),
    ['while a lane is written', (kill) => watch(reportsDir(), { persistent: false }, () => kill())],
  ];
  const reportsDir = (): string => {
    const folder = place.data('reports/20261112');
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  for (const [when, arrange] of deaths) {
    it(`by a kill ${when} leaves nothing half done`, async () => {
      const child = place.start(place.regular(...mail));
      arrange(() => child.kill('SIGKILL'));
      assert.equal((await place.ended(child)).signal, 'SIGKILL');
      const then = await place.truth();
      smtp.before = () => undefined;
      const { code, stderr } = await place.call(...place.regular(...mail));
      assert.equal(code, 0, stderr);
      const now = await place.truth();
      assert.deepEqual([now.pending, now.reports], [0, undisturbed]);
      // What was committed before it died stands as it was.
      for (const report of then.reports) assert.ok(now.reports.includes(report));
      // Every mail was sent. The one whose final dot had left, unanswered, is sent again: no sender can know (RFC 1047).
      assert.deepEqual(
        now.mails.filter((row) => row.state !== 'sent'),
        [],
      );
      assert.ok(smtp.taken.length - new Set(smtp.taken).size <= 1);
    });
  }
});
