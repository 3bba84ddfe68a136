import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseGroup, type BasicLists } from '../../../../lib/model/group/group-schema.ts';
import { UserError } from '../../../../lib/model/user-error.ts';

const basic = ({ analyzers, categories, ips }: BasicLists): string =>
  `basic(${[...analyzers, ...categories, ...ips].join(' ')})`;
const parse = (value: unknown) => parseGroup(value, 'groups.json', basic);

/** The lines of the problem that a value causes. */
function linesOf(value: unknown): string[] {
  try {
    parse(value);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message.split('\n');
  }
  return [];
}

describe('a group as it is written', () => {
  it('needs a name only; everything else has its default', () => {
    const group = parse({ name: 'abuse@example.org' });
    assert.equal(group.enabled, true);
    assert.deepEqual([group.networks, group.filters], [[], []]);
    assert.deepEqual(group.settings.emails, ['abuse@example.org']);
    assert.equal(group.settings.mode, 'summary');
    assert.equal(group.settings.attachments, 'json');
    assert.equal(group.settings.maxAttachmentSize, 10_485_760);
    assert.deepEqual(group.settings.timings.low, { period: 86_400, threshold: 518_400, relapse: 172_800 });
  });

  it('has nobody to mail to when its name is no address', () => {
    assert.deepEqual(parse({ name: 'lab' }).settings.emails, []);
  });

  it('reads networks, times and timings, and keeps what was written', () => {
    const written = {
      name: 'a',
      networks: [
        { netname: 'N', network: '192.0.2.77/24' },
        { network: '2001:DB8::/48' },
        { network: '10.0.0.9-10.0.0.1' },
      ],
      filters: [
        { name: 'b', type: 'advanced', filter: 'x', valid_from: '2026-01-01T00:00:00Z', valid_to: null },
        { name: 'B', filter: 'y', enabled: false, valid_to: 0 },
        { name: 'c', type: 'basic', categories: ['Test'], ips: ['10.0.0.0/8'] },
      ],
      settings: { timing: 'custom', timing_thr_lo: 0, timing_per_cr: 60, timezone: 'Europe/Prague' },
    };
    const group = parse(written);
    assert.deepEqual(
      group.networks.map(({ range }) => range.text),
      ['192.0.2.77/24', '2001:db8::/48', '10.0.0.1-10.0.0.9'],
    );
    assert.deepEqual(
      group.filters.map(({ name, expression, enabled }) => [name, expression, enabled]),
      [
        ['B', 'y', false],
        ['b', 'x', true],
        ['c', 'basic(Test 10.0.0.0/8)', true],
      ],
    );
    assert.deepEqual([group.filters[0]!.validTo, group.filters[1]!.validFrom], [0, Date.UTC(2026, 0, 1)]);
    assert.equal(group.settings.timings.low.threshold, 0);
    assert.equal(group.settings.timings.critical.period, 60);
    assert.equal(group.written, written);
  });

  it('takes the ready expression of a basic filter that has one', () => {
    const group = parse({
      name: 'a',
      filters: [{ name: 'f', type: 'basic', filter: 'ready', categories: ['Test'] }],
    });
    assert.equal(group.filters[0]!.expression, 'ready');
  });

  // A bad document, and what its one line has to say besides the place.
  const refused: [string, unknown, RegExp][] = [
    ['no object', [], /groups\.json: wrong value, got \[\], expected an object/],
    ['no name', {}, /name is missing/],
    ['a blank name', { name: '  ' }, /name: wrong value, got " {2}", expected a text of one line/],
    ['a name with a line break', { name: 'a\nb' }, /name: wrong value, got "a\\nb"/],
    ['a mistyped key', { name: 'a', networs: [] }, /unknown key "networs" \(did you mean networks\?\)/],
    [
      'a setting beside the name',
      { name: 'a', mode: 'both' },
      /unknown key "mode" \(it belongs into "settings"\)/,
    ],
    [
      'an unknown setting',
      { name: 'a', settings: { mut: true } },
      /settings: unknown key "mut" \(did you mean mute\?\)/,
    ],
    [
      'a network that is none',
      { name: 'a', networks: [{ network: '192.0.2.0/33' }] },
      /networks\[0\]\.network: wrong value, got "192\.0\.2\.0\/33", expected an address, a net/,
    ],
    [
      'a network without one',
      { name: 'a', networks: [{ netname: 'N' }] },
      /networks\[0\]: network is missing/,
    ],
    [
      'an unknown mode',
      { name: 'a', settings: { mode: 'all' } },
      /settings\.mode: wrong value, got "all", expected one of summary, extra, both, none/,
    ],
    [
      'unknown attachments',
      { name: 'a', settings: { attachments: 'pdf' } },
      /expected one of json, csv, all, none/,
    ],
    [
      'a zone that is none',
      { name: 'a', settings: { timezone: 'Mars/Base' } },
      /settings\.timezone: wrong value.*IANA zone/,
    ],
    ['an offset as zone', { name: 'a', settings: { timezone: '+01:00' } }, /settings\.timezone: wrong value/],
    [
      'a period of nothing',
      { name: 'a', settings: { timing_per_lo: 0 } },
      /settings\.timing_per_lo: wrong value, got 0, expected whole seconds above 0/,
    ],
    [
      'a negative threshold',
      { name: 'a', settings: { timing_thr_lo: -1 } },
      /timing_thr_lo: wrong value, got -1/,
    ],
    [
      'a template that is a path',
      { name: 'a', settings: { template: '../../etc' } },
      /settings\.template: wrong value/,
    ],
    [
      'a text for a flag',
      { name: 'a', settings: { mute: 'yes' } },
      /settings\.mute: wrong value, got "yes", expected true or false/,
    ],
    [
      'a text for a list',
      { name: 'a', settings: { emails: 'a@b' } },
      /settings\.emails: wrong value, got "a@b", expected a list/,
    ],
    [
      'a time without a zone',
      { name: 'a', filters: [{ name: 'f', filter: 'x', valid_from: '2026-01-01T00:00:00' }] },
      /filters\[0\]\.valid_from: wrong value/,
    ],
    [
      'a filter that ends before it begins',
      { name: 'a', filters: [{ name: 'f', filter: 'x', valid_from: 10, valid_to: 9 }] },
      /filters\[0\]: valid_to lies before valid_from/,
    ],
    [
      'two filters of one name',
      {
        name: 'a',
        filters: [
          { name: 'f', filter: 'x' },
          { name: 'f', filter: 'y' },
        ],
      },
      /filters\[1\]: a second filter named "f"/,
    ],
    [
      'an advanced filter without expression',
      { name: 'a', filters: [{ name: 'f', type: 'advanced' }] },
      /filters\[0\]: filter is missing/,
    ],
    [
      'a basic filter that names nothing',
      { name: 'a', filters: [{ name: 'f', type: 'basic', ips: [] }] },
      /filters\[0\]: the filter names nothing/,
    ],
    [
      'an advanced filter with lists',
      { name: 'a', filters: [{ name: 'f', filter: 'x', ips: ['10.0.0.1'] }] },
      /an expression and lists at once/,
    ],
    [
      'a basic filter on no address',
      { name: 'a', filters: [{ name: 'f', type: 'basic', ips: ['10.0.0.256'] }] },
      /filters\[0\]\.ips\[0\]: wrong value/,
    ],
  ];
  for (const [what, value, line] of refused) {
    it(`refuses ${what} with one line`, () => {
      const lines = linesOf(value);
      assert.equal(lines.length, 1, lines.join('\n'));
      assert.match(lines[0]!, line);
      assert.ok(lines[0]!.startsWith('groups.json'));
    });
  }

  it('names every problem on a line of its own, with the group', () => {
    const lines = linesOf({
      name: 'a',
      networks: [{ network: 'x' }, { network: 'y' }],
      settings: { mode: 'z', foo: 1 },
    });
    assert.equal(lines.length, 4);
    assert.ok(lines.every((line) => line.startsWith('groups.json, group "a"')));
  });

  it('prints no control characters of what it refuses', () => {
    assert.doesNotMatch(linesOf({ name: '\u001b[31m' }).join(''), /\u001b/u);
  });
});
