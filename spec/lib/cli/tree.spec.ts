import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import picocolors from 'picocolors';
import { treeLines } from '../../../lib/cli/tree.ts';

const PLAIN = picocolors.createColors(false);
const draw = async (value: unknown) => (await treeLines(value, PLAIN)).join('\n');

describe('a tree', () => {
  it('has its keys in order, and lists, empty things and null as the reference shows them', async () => {
    const value = {
      b: { z: true, a: 'text' },
      a: ['x', 2, { k: 1 }, [3], null],
      10: 'ten',
      9: 'nine',
      empty: {},
      list: [],
      nothing: null,
      blank: '',
    };
    assert.equal(
      await draw(value),
      `├─ 10: ten
├─ 9: nine
├─ a
│  ├─ x
│  ├─ 2
│  ├─ [2]
│  │  └─ k: 1
│  ├─ [3]
│  │  └─ 3
│  └─ [4]
├─ b
│  ├─ a: text
│  └─ z: true
├─ blank: ""
├─ empty
├─ list
└─ nothing`,
    );
  });

  it('of a list draws members that are the same, in their order', async () => {
    assert.equal(await draw(['b', 'a', 'b']), '├─ b\n├─ a\n└─ b');
  });

  it('lets no text drive the terminal, nor look like a line of its own', async () => {
    const text = await draw({ 'k\u001b[31m\n\u0000': 'v\u0007\n\u202e1\u0000' });
    assert.equal(text, '└─ k\\u{1b}[31m\\u{a}\\u{0}: v\\u{7}\\u{a}\\u{202e}1\\u{0}');
  });

  it('of a single value is that value', async () => {
    assert.deepEqual(
      [await draw('a\n'), await draw(5), await draw(null), await draw({})],
      ['a\\u{a}', '5', '', ''],
    );
  });

  it('colours keys where colours are wanted, and nowhere else', async () => {
    const [line] = await treeLines(
      { key: 'value' },
      picocolors.createColors(true),
      new Map([['key', 'note']]),
    );
    assert.equal(line, '└─ \u001b[36mkey\u001b[39m: value  \u001b[2mnote\u001b[22m');
    assert.equal(
      (await treeLines({ key: 'value' }, PLAIN, new Map([['key', 'note']])))[0],
      '└─ key: value  note',
    );
  });

  it('says how much of a long list it leaves out, and ends at some depth', async () => {
    const long = await treeLines(
      Array.from({ length: 200_000 }, (_, i) => i),
      PLAIN,
    );
    assert.deepEqual([long.length, long.at(-1)], [10_001, '└─ … and 190000 more']);
    let deep: unknown = 'core';
    for (let i = 0; i < 1_000; i++) deep = { deep };
    assert.ok((await treeLines(deep, PLAIN)).length < 100);
  });
});
