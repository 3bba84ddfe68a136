import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { makeFolder } from '../../../lib/system/make-folder.ts';

describe('lib/system/make-folder', () => {
  let place: string;

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'make-folder-'));
  });

  afterEach(() => {
    rmSync(place, { recursive: true });
  });

  it('makes a folder and those above it with the rights asked for, and leaves one that is there', () => {
    const path = join(place, 'a', 'b', 'c');
    makeFolder(path, 0o700);
    assert.equal(statSync(join(place, 'a')).mode & 0o777, 0o700);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    makeFolder(path, 0o755);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    makeFolder('/');
  });

  it('takes a path that ends with a separator, and one that goes up and down', () => {
    makeFolder(`${place}/a/b/`);
    makeFolder(join(place, 'x') + '/../y/z');
    assert.ok(statSync(join(place, 'a', 'b')).isDirectory());
    assert.ok(statSync(join(place, 'y', 'z')).isDirectory());
  });

  it('refuses a place below a file, and a file', () => {
    writeFileSync(join(place, 'file'), '');
    assert.throws(() => makeFolder(join(place, 'file')), { code: 'EEXIST' });
    assert.throws(() => makeFolder(join(place, 'file', 'a', 'b')), { code: 'ENOTDIR' });
  });

  it('comes back from where nothing can be made although all above is there', function () {
    // A place of that kind is at hand on Linux only.
    if (process.platform !== 'linux') this.skip();
    const module = new URL('../../../lib/system/make-folder.js', import.meta.url).href;
    const program = `import(${JSON.stringify(module)}).then((m) => { try { m.makeFolder('/proc/none/x'); } catch (e) { console.log(e.code); } })`;
    const { stdout, signal } = spawnSync(process.execPath, ['-e', program], {
      timeout: 20_000,
      encoding: 'utf8',
    });
    assert.deepEqual([signal, stdout], [null, 'ENOENT\n']);
  });
});
