import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { shipped } from '../../../lib/config/locations.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

/** Numbers that no system gives to anybody. */
const [UID, GID] = [61_234, 61_235];
const isRoot = process.geteuid?.() === 0;

describe('privileges', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
    chmodSync(folder.path, 0o755);
    folder.write('etc/mentat/mentat-reporter.conf', '{}');
  });
  afterEach(() => folder.remove());

  const run = (args: string[], options: { uid?: number; gid?: number } = {}) =>
    spawnSync(process.execPath, [shipped('bin/mentat-reporter'), ...args], {
      encoding: 'utf8',
      cwd: folder.path,
      env: { PATH: process.env['PATH'], APP_ROOT_PATH: folder.path },
      ...options,
    });
  const data = (name = ''): string => join(folder.path, 'var/mentat', name);

  describe('of root', () => {
    beforeEach(function () {
      if (!isRoot) this.skip();
      // Somebody else has to be able to read the program.
      const reads = spawnSync(process.execPath, [shipped('bin/mentat-reporter'), '--version'], {
        uid: UID,
        gid: GID,
      });
      if (reads.status !== 0) this.skip();
      folder.write('var/mentat/here', '');
      chownSync(data(), UID, GID);
    });

    it('are given up before anything is made, so that everything belongs to the user', () => {
      // The configuration is read before, and can be out of reach for the user.
      chmodSync(folder.at('etc/mentat/mentat-reporter.conf'), 0o600);
      const { status, stderr } = run(['--regular', '--user', `${UID}`, '--group', `${GID}`]);
      assert.equal(status, 0, stderr);
      const made = readdirSync(data(), { recursive: true, encoding: 'utf8' }).filter(
        (name) => name !== 'here',
      );
      assert.ok(
        made.some((name) => name.endsWith('.log')) && made.some((name) => name.endsWith('.db')),
        made.join(),
      );
      for (const name of made) {
        const { uid, gid } = statSync(data(name));
        assert.deepEqual([name, uid, gid], [name, UID, GID]);
      }
    });

    // Options, and what the process is afterwards.
    const ways: [string[], RegExp][] = [
      [['--user', `${UID}`], new RegExp(`user ${UID}, group 0, supplementary groups 0$`, 'm')],
      [['--group', `${GID}`], new RegExp(`user 0, group ${GID}, supplementary groups ${GID}$`, 'm')],
      [
        ['--user', `${UID}`, '--group', `${GID}`],
        new RegExp(`user ${UID}, group ${GID}, supplementary groups ${GID}$`, 'm'),
      ],
      [
        ['--user', 'daemon', '--group', 'daemon'],
        /user [1-9]\d*, group [1-9]\d*, supplementary groups [1-9][\d ]*$/m,
      ],
      [['--user', 'root'], /user 0, group 0, supplementary groups 0/],
      [['--user', '0'], /user 0, group 0, supplementary groups 0/],
    ];
    for (const [args, now] of ways) {
      it(`after ${args.join(' ')}`, () => {
        chmodSync(data(), 0o777);
        const { status, stderr } = run([...args, '--action', 'config-view', '--debug']);
        assert.equal(status, 0, stderr);
        assert.match(stderr, now);
      });
    }

    it('take names and numbers from a file, 0 included', () => {
      folder.write('etc/mentat/mentat-reporter.conf', `{"user": ${UID}, "group": 0}`);
      chmodSync(data(), 0o777);
      assert.match(run(['--action', 'config-view', '--debug']).stderr, new RegExp(`user ${UID}, group 0, `));
    });

    it('are not there for anybody else', () => {
      const { status, stderr } = run(['--user', 'root'], { uid: UID, gid: GID });
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^mentat-reporter: user: cannot become this user, got "root" \(only root may: .*\)\n$/,
      );
      const group = run(['--group', '0'], { uid: UID, gid: GID });
      assert.match(group.stderr, /^mentat-reporter: group: cannot become this group, got 0 .*\n$/);
    });
  });

  for (const option of ['user', 'group']) {
    it(`end with one line when there is no such ${option}`, () => {
      const { status, stderr } = run([`--${option}`, 'no-such-account']);
      assert.equal(status, 1);
      assert.equal(
        stderr,
        `mentat-reporter: ${option}: there is no such ${option}, got "no-such-account", expected the name or number of a ${option} of this system\n`,
      );
    });
  }

  it('need not change for whoever one is already', function () {
    const [uid, gid] = [process.getuid?.(), process.getgid?.()];
    if (uid === undefined || gid === undefined) this.skip();
    const { status, stderr } = run(['--user', `${uid}`, '--group', `${gid}`, '--action', 'config-view']);
    assert.equal(status, 0, stderr);
  });
});
