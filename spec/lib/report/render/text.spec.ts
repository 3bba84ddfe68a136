import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { UserError } from '../../../../lib/model/user-error.ts';
import { columnWidth, rowText, WIDTH, widthOf, wrap } from '../../../../lib/report/render/layout.ts';
import { cutText, manyLines, oneLine } from '../../../../lib/report/render/plain.ts';
import { zonedTime } from '../../../../lib/report/render/zoned-time.ts';

describe('time in a zone', () => {
  const cases: [string, string, string][] = [
    ['UTC', '2018-01-01T12:00:00Z', '2018-01-01 12:00:00 Z'],
    ['Etc/UTC', '2018-01-01T12:00:00Z', '2018-01-01 12:00:00 Z'],
    ['Europe/Prague', '2018-01-01T12:00:00Z', '2018-01-01 13:00:00 +01:00 (2018-01-01 12:00:00 Z)'],
    ['Europe/Prague', '2018-07-01T12:00:00Z', '2018-07-01 14:00:00 +02:00 (2018-07-01 12:00:00 Z)'],
    ['Europe/Prague', '2026-03-29T00:59:59.999Z', '2026-03-29 01:59:59 +01:00 (2026-03-29 00:59:59 Z)'],
    ['Europe/Prague', '2026-03-29T01:00:00Z', '2026-03-29 03:00:00 +02:00 (2026-03-29 01:00:00 Z)'],
    ['Europe/Prague', '2025-12-31T23:00:00Z', '2026-01-01 00:00:00 +01:00 (2025-12-31 23:00:00 Z)'],
    ['America/Los_Angeles', '2018-01-01T12:00:00Z', '2018-01-01 04:00:00 -08:00 (2018-01-01 12:00:00 Z)'],
    ['Asia/Kathmandu', '2018-01-01T12:00:00Z', '2018-01-01 17:45:00 +05:45 (2018-01-01 12:00:00 Z)'],
    ['Europe/London', '2018-01-01T12:00:00Z', '2018-01-01 12:00:00 +00:00 (2018-01-01 12:00:00 Z)'],
  ];
  for (const [zone, instant, expected] of cases) {
    it(`${instant} in ${zone}`, () => assert.equal(zonedTime(zone)(Date.parse(instant)), expected));
  }

  it('refuses a zone that is not known', () => assert.throws(() => zonedTime('Europe/Atlantis'), UserError));
});

describe('layout', () => {
  it('breaks at blanks and keeps long words whole', () => {
    const long = 'x'.repeat(100);
    const text = wrap(`one two ${long} three`, '> ', 2);
    assert.deepEqual(text.split('\n'), ['> one two', `  ${long}`, '  three']);
  });

  it('fills lines up to the width', () => {
    const lines = wrap('abc '.repeat(60).trim()).split('\n');
    assert.ok(lines.every((line) => line.length <= WIDTH));
    assert.equal(lines[0]!.length, 75);
  });

  it('goes on below the value', () => {
    const lines = rowText('Label', 'word '.repeat(20).trim(), 24).split('\n');
    assert.ok(lines[0]!.startsWith('    Label                   word'));
    assert.ok(lines[1]!.startsWith(' '.repeat(28) + 'word'));
  });

  it('counts the columns that characters take', () => {
    const row = rowText('ラベル', '攻撃元のホストが他のホストを調べています。'.repeat(4), 24);
    const lines = row.split('\n');
    assert.ok(lines.length > 2);
    for (const line of lines) assert.ok(widthOf(line) <= WIDTH, line);
    assert.ok(lines[0]!.startsWith(`    ラベル${' '.repeat(18)}攻`));
    assert.equal(
      lines
        .map((line) => line.trim())
        .join('')
        .replace(/^ラベル +/, ''),
      '攻撃元のホストが他のホストを調べています。'.repeat(4),
    );
    for (const text of ['👩‍👩‍👧‍👦 '.repeat(60), 'e\u0301e\u0301e\u0301 '.repeat(60), 'مرحبا بالعالم '.repeat(20)])
      for (const line of wrap(text).split('\n').slice(0, -1))
        assert.ok(widthOf(line) <= WIDTH && widthOf(line) > 60, line);
    const link = `https://example.org/${'ž'.repeat(90)}`;
    assert.equal(wrap(`see ${link}`), `see\n${link}`, 'a link can still be followed');
  });

  it('widens the column for a long label', () => {
    assert.equal(columnWidth(['short']), 24);
    assert.equal(columnWidth(['short', 'x'.repeat(30)]), 32);
  });
});

describe('plain text', () => {
  const cases: [string, string][] = [
    ['a\r\nb\n\nc', 'a b c'],
    ['\u001b[31mred\u0007', '[31mred'],
    ['a\u2028b\u2029c\u0085d', 'a b c d'],
    ['\u202eevil\u2066', 'evil'],
    ['\ufeffx\ud800', 'x\ufffd'],
    ['  a   b ', 'a b'],
    ['\u{1f468}\u200d\u{1f469}', '\u{1f468}\u200d\u{1f469}'],
    // What nobody sees and no script needs; joiners are needed after letters that are written joined, and nowhere in ASCII.
    ['ex\u200bam\u00adp\u2060le\u2063.c\u180eo\ufff9m', 'example.com'],
    ['\u200da\u200c\u200bb\u200d\u2060\u200dc', 'abc'],
    ['a\u00a0\u200db\u2028\u200dc\u0085\u200c', 'a b c'],
    [
      '\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
      '\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
    ],
    ['\u0915\u094d\u200d\u0937', '\u0915\u094d\u200d\u0937'],
    ['ad\u034fmi\u3164n\u115f\u1160\uffa0@\ufe00ex\ufe0fample\u{e0142}.com', 'admin@example.com'],
    // Pictures, keycaps and families keep the one selector that each takes; what follows it could be a text of its own.
    [
      '\u2764\ufe0f\u200d\u{1f525} 1\ufe0f\u20e3 \u00a9\ufe0e',
      '\u2764\ufe0f\u200d\u{1f525} 1\ufe0f\u20e3 \u00a9\ufe0e',
    ],
    ['\u2764\ufe0f\ufe01\ufe02\u{e0154}\ufe03 1\ufe0fx', '\u2764\ufe0f 1x'],
  ];
  for (const [text, expected] of cases) it(JSON.stringify(text), () => assert.equal(oneLine(text), expected));

  it('of several lines keeps them', () => assert.equal(manyLines('a\n  b\r\u001b\u202e'), 'a\n  b  '));

  it('is never cut inside a character', () => {
    assert.equal(cutText('abc\u{1f600}', 5), 'abc\u{1f600}');
    assert.equal(cutText('abc\u{1f600}d', 5), 'abc…');
  });
});
