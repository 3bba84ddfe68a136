import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { tableLines } from '../../../lib/cli/table.ts';

const plain = (title: string): string => title;

describe('a table', () => {
  it('is as wide as its texts look, and sets numbers to the right', () => {
    const rows = [
      ['abuse@example.org', 5, '1'],
      ['日本語 ✅', 12345, 2],
      ['', 0, ''],
    ];
    assert.equal(
      [...tableLines(['Group', 'New', 'Any'], rows, plain)].join('\n'),
      `
┌───────────────────┬───────┬─────┐
│ Group             │   New │ Any │
├───────────────────┼───────┼─────┤
│ abuse@example.org │     5 │ 1   │
│ 日本語 ✅         │ 12345 │ 2   │
│                   │     0 │     │
└───────────────────┴───────┴─────┘`.trimStart(),
    );
  });

  it('has no rule below its titles when there is nothing else', () => {
    assert.deepEqual([...tableLines(['A', 'B'], [], plain)], ['┌───┬───┐', '│ A │ B │', '└───┴───┘']);
  });

  it('needs no titles', () => {
    const rows = [
      ['Runtime', '0:00:06'],
      ['Errors', 1],
    ];
    assert.deepEqual(
      [...tableLines([], rows, plain)],
      ['┌─────────┬─────────┐', '│ Runtime │ 0:00:06 │', '│ Errors  │ 1       │', '└─────────┴─────────┘'],
    );
  });

  it('lets no cell drive a terminal or begin a line, and makes no room for what marks a title', () => {
    const rows = [['\u001b[31mred\nline']];
    assert.deepEqual([...tableLines(['Text'], rows, (title) => `\u001b[1m${title}\u001b[22m`)].slice(1, 4), [
      '│ \u001b[1mText\u001b[22m                   │',
      '├────────────────────────┤',
      '│ \\u{1b}[31mred\\u{a}line │',
    ]);
  });

  it('takes time that grows with its rows, and no more', () => {
    const rows = Array.from({ length: 40_000 }, (_, i) => [`abuse@group${i}.example`, 'low', i]);
    let lines = 0;
    for (const line of tableLines(['Group', 'Severity', 'New'], rows, plain)) lines += line === '' ? 0 : 1;
    assert.equal(lines, 40_004);
  });
});
