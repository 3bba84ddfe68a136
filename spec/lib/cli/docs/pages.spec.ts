import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'mocha';
import { PAGES } from '../../../../lib/cli/docs/pages.ts';
import { KEY_NAMES, optionOf } from '../../../../lib/config/keys/index.ts';
import { shipped } from '../../../../lib/config/locations.ts';

describe('pages made from schemas', () => {
  for (const [path, make] of Object.entries(PAGES)) {
    it(`${path} tells every key`, () => {
      const page = make();
      for (const name of KEY_NAMES) {
        const option = optionOf(name);
        const word =
          path.endsWith('.md') || option === undefined ? name : `--${option}`.replaceAll('-', '\\-');
        assert.ok(page.includes(word), word);
      }
    });
  }

  it('the reference gives each key a row of six cells: option, value, default, meaning, example', () => {
    const rows = PAGES['conf/README.md']!().split('\n');
    for (const name of KEY_NAMES) {
      const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
      assert.ok(row !== undefined, name);
      const cells = row.slice(2, -2).split(/ \| /);
      assert.equal(cells.length, 6, row);
      assert.ok(
        cells.every((cell) => cell.trim() !== ''),
        row,
      );
    }
  });

  it('the manual is clean for groff, and reads as it should', function () {
    const groff = (...args: string[]) =>
      spawnSync('groff', ['-man', '-ww', '-z', ...args, shipped('conf/man/mentat-reporter.1')], {
        encoding: 'utf8',
      });
    const { status, stderr, error } = groff();
    if (error !== undefined) this.skip();
    assert.deepEqual([status, stderr], [0, '']);
    const page = spawnSync('groff', ['-man', '-Tascii', '-P-cbou', shipped('conf/man/mentat-reporter.1')], {
      encoding: 'utf8',
    }).stdout;
    assert.match(page, /^ {7}mentat-reporter - report detected security events/m);
    assert.match(page, /^ {7}--config-file PATH\n {14}configuration file; empty: none/m);
    assert.match(page, /^EXAMPLES\n/m);
    assert.match(page, /overrides every group's mode/);
  });
});
