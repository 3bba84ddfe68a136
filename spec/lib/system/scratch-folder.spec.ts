import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { makeScratchFolder } from '../../../lib/system/scratch-folder.ts';
import { makeFolder } from '../../support/folder.ts';

describe('the folder for temporary files', () => {
  it('is refused in a TMPDIR with control characters, and below /var/tmp for an empty one', async () => {
    const wrong = makeScratchFolder({ TMPDIR: '/tmp\r' });
    await assert.rejects(wrong, /TMPDIR: control characters in a path, got "\/tmp\\r"/);
    const folder = await makeScratchFolder({ TMPDIR: '' });
    assert.match(folder.path, /^\/(?:var\/)?tmp\//);
    await folder.remove();
  });

  it('is removed with its run; that of a killed run with the next one, and nothing else is', async () => {
    const root = makeFolder();
    const environment = { TMPDIR: root.path };
    const orphan = 'mentat-reporter-run-00000000-0000-4000-8000-000000000000';
    root.write(`${orphan}/replay-x/events.ndjson`, 'as large as a day');
    root.write(`${orphan}.lock`, '');
    const kept = ['elsewhere', 'mentat-reporter-run-nomatch', `${orphan.replace(/.$/, '1')}.lock`];
    root.write('elsewhere/x', '');
    root.write('mentat-reporter-run-nomatch/x', '');
    symlinkSync(root.at('elsewhere/x'), root.at(kept[2]!));
    const mine = await makeScratchFolder(environment);
    const another = await makeScratchFolder(environment);
    assert.equal(existsSync(root.at(orphan)), false);
    assert.equal(existsSync(mine.path) && existsSync(another.path), true);
    await another.remove();
    await mine.remove();
    assert.deepEqual(readdirSync(root.path).sort(), [...kept].sort());
    assert.deepEqual(readdirSync(root.at('elsewhere')), ['x']);
    root.remove();
  });

  it('is made, used and removed by many runs at once, none of which touches that of another', async () => {
    const root = makeFolder();
    const use = async (run: number) => {
      const folder = await makeScratchFolder({ TMPDIR: root.path });
      for (let i = 0; i < 5; i++) {
        await writeFile(join(folder.path, `${run}-${i}`), 'x');
        assert.equal((await readdir(folder.path)).length, i + 1);
      }
      await folder.remove();
    };
    for (let round = 0; round < 10; round++)
      await Promise.all(Array.from({ length: 12 }, (_, run) => use(run)));
    assert.deepEqual(readdirSync(root.path), []);
    root.remove();
  });

  it('that cannot be made names its place, and the way to another', async () => {
    const root = makeFolder();
    mkdirSync(root.at('x'));
    await assert.rejects(
      makeScratchFolder({ TMPDIR: root.at('none') }),
      /none: cannot make a folder for temporary files \(.*TMPDIR names another place\)/,
    );
    root.remove();
  });
});
