import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { describe, it } from 'mocha';
import { makeScratchFolder } from '../../../lib/system/scratch-folder.ts';
import { makeFolder } from '../../support/folder.ts';

describe('the folder for temporary files', () => {
  it('goes with its run; one of a run that was killed goes with the next, and no other does', async () => {
    const root = makeFolder();
    const environment = { TMPDIR: root.path };
    // Like that of a run that was killed: nobody holds its lock.
    root.write('mentat-reporter-abcdef/replay-x/events.ndjson', 'as large as a day');
    root.write('mentat-reporter-nomatch-here/x', '');
    root.write('elsewhere/x', '');
    symlinkSync(root.at('elsewhere'), root.at('mentat-reporter-abcde0'));
    const mine = await makeScratchFolder(environment);
    const others = await makeScratchFolder(environment);
    assert.equal(existsSync(root.at('mentat-reporter-abcdef')), false);
    assert.equal(existsSync(mine.path) && existsSync(others.path), true);
    await others.remove();
    await mine.remove();
    assert.deepEqual(readdirSync(root.path).sort(), ['elsewhere', 'mentat-reporter-abcde0', 'mentat-reporter-nomatch-here']); // prettier-ignore
    assert.deepEqual(readdirSync(root.at('elsewhere')), ['x']);
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
