import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { admitEvent, type Admitted } from '../../../../lib/model/event/admit-event.ts';
import { parseGroup } from '../../../../lib/model/group/group-schema.ts';
import { NetworkIndex } from '../../../../lib/model/network/network-index.ts';
import { UserError } from '../../../../lib/model/user-error.ts';

const NOW = Date.UTC(2026, 10, 10);
const group = (name: string, ...networks: string[]) =>
  parseGroup({ name, networks: networks.map((network) => ({ network })) }, 'spec', () => '');
const owners = new NetworkIndex([group('b', '192.0.2.0/24'), group('a', '192.0.2.128/25', '2001:db8::/32')]);

const event = (more: object = {}): Record<string, unknown> => ({
  Format: 'IDEA0',
  ID: 'e1',
  DetectTime: '2026-11-09T00:00:00Z',
  Category: ['Recon.Scanning'],
  ...more,
});
const admit = (raw: Record<string, unknown>): Admitted => {
  const admitted = admitEvent(raw, 'line 7', NOW, owners);
  if (admitted instanceof UserError) throw admitted;
  return admitted;
};

describe('an event that is to be stored', () => {
  // What comes, and what its processing results are then.
  const completed: [string, object, object][] = [
    [
      'gets storage time and severity',
      {},
      { _CESNET: { StorageTime: '2026-11-10T00:00:00Z', EventSeverity: 'low' } },
    ],
    [
      'gets the groups that own its sources, longest prefix first',
      { Source: [{ IP4: ['192.0.2.200', '192.0.2.1'] }, { IP6: ['2001:db8::1'] }] },
      { _CESNET: { StorageTime: '2026-11-10T00:00:00Z', ResolvedAbuses: ['a', 'b'], EventSeverity: 'low' } },
    ],
    [
      'keeps what it has',
      {
        Source: [{ IP4: ['192.0.2.1'] }],
        _CESNET: {
          StorageTime: '2026-01-01T00:00:00Z',
          ResolvedAbuses: ['x'],
          EventSeverity: 'High',
          Impact: 'y',
        },
      },
      {
        _CESNET: {
          StorageTime: '2026-01-01T00:00:00Z',
          ResolvedAbuses: ['x'],
          EventSeverity: 'High',
          Impact: 'y',
        },
      },
    ],
    [
      'has a storage time of null replaced',
      { _CESNET: { StorageTime: null, EventSeverity: 'high' } },
      { _CESNET: { StorageTime: '2026-11-10T00:00:00Z', EventSeverity: 'high' } },
    ],
    [
      'keeps a storage time before 1970',
      { _CESNET: { StorageTime: '1969-12-31T23:59:59Z', EventSeverity: 'high' } },
      { _CESNET: { StorageTime: '1969-12-31T23:59:59Z', EventSeverity: 'high' } },
    ],
    [
      'may have one category without its list',
      { Category: 'Test', _CESNET: { StorageTime: 0, EventSeverity: 'high' } },
      { Category: 'Test', _CESNET: { StorageTime: 0, EventSeverity: 'high' } },
    ],
    [
      'is completed where its results stand',
      { _Mentat: { EventSeverity: 'high' } },
      { _Mentat: { EventSeverity: 'high', StorageTime: '2026-11-10T00:00:00Z' } },
    ],
  ];
  for (const [what, more, results] of completed) {
    it(what, () => assert.deepEqual(admit(event(more)).event, { ...event(more), ...results }));
  }

  it('loses keys that are dangerous, at any depth, and says so; dots and dollars are not', () => {
    const raw = JSON.parse(
      `{"__proto__": {"x": 1}, "Source": [{"constructor": 1, "IP4": ["192.0.2.1"]}], "a\\u0000b": 1, "$where": 1, "a.b": 1, "kept": {"n": 1}}`,
    ) as object;
    const { event: stored, notes } = admit(event(Object.fromEntries(Object.entries(raw))));
    assert.deepEqual(Object.keys(stored).sort(), [
      '$where',
      'Category',
      'DetectTime',
      'Format',
      'ID',
      'Source',
      '_CESNET',
      'a.b',
      'kept',
    ]);
    assert.deepEqual(stored['Source'], [{ IP4: ['192.0.2.1'] }]);
    assert.equal(notes.length, 3);
    assert.equal(({} as Record<string, unknown>)['x'], undefined);
  });

  it('says so when a number was written that cannot be kept', () => {
    const read = (text: string): Admitted => admit(event(JSON.parse(text) as object));
    const {
      notes,
      keysDropped: trimmed,
      rounded,
    } = read(
      '{"FlowCount": 18446744073709551615, "Source": [{"Port": [80, 9007199254740993]}], "ByteCount": 9007199254740991}',
    );
    assert.deepEqual([trimmed, rounded], [false, true]);
    assert.deepEqual(
      notes,
      ['FlowCount', 'Port'].map(
        (key) => `line 7: key "${key}" of event e1 has a number beyond 2^53 - 1, which is rounded`,
      ),
    );
    const kept = read('{"FlowCount": "18446744073709551615"}');
    assert.deepEqual([kept.rounded, kept.event['FlowCount']], [false, '18446744073709551615']);
  });

  const refused: [string, Record<string, unknown>, RegExp][] = [
    ['no ID', event({ ID: undefined }), /line 7: ID is missing/],
    ['an ID with a line break', event({ ID: 'a\n' }), /line 7: ID is not/],
    ['another format', event({ Format: 'IDEA1' }), /Format is not IDEA0/],
    ['no detect time', event({ DetectTime: undefined }), /line 7: DetectTime is missing, got null$/],
    ['an unreadable detect time', event({ DetectTime: 'x' }), /line 7: DetectTime is no timestamp, got "x"$/],
    [
      'a detect time without a zone',
      event({ DetectTime: '2026-01-31 12:00:00.5' }),
      /line 7: DetectTime has no time zone, got "2026-01-31 12:00:00.5"$/,
    ],
    [
      'an end after the year 9000',
      event({ CeaseTime: '9999-12-31T23:59:59Z' }),
      /CeaseTime is after the year 9000, got "9999-12-31T23:59:59Z"/,
    ],
    [
      'a storage time after the year 9000',
      event({ _Mentat: { StorageTime: 253_402_300_799_000 } }),
      /StorageTime is after the year 9000, got 253402300799000$/,
    ],
    [
      'an unreadable storage time',
      event({ _CESNET: { StorageTime: 'yesterday' } }),
      /line 7: _CESNET.StorageTime of event e1 is no timestamp, got "yesterday", expected a time like/,
    ],
    [
      'a storage time without a zone',
      event({ _CESNET: { StorageTime: '2026-01-31' } }),
      /_CESNET.StorageTime of event e1 has no time zone, got "2026-01-31"/,
    ],
    ['no categories', event({ Category: [] }), /event e1 has no categories/],
    ['a category that is no text', event({ Category: [null, {}] }), /got \[null,\{\}\], expected a list/],
  ];
  for (const [what, raw, line] of refused) {
    it(`is refused with ${what}`, () => {
      const problem = admitEvent(raw, 'line 7', NOW, owners);
      assert.ok(problem instanceof UserError);
      assert.match(problem.message, line);
    });
  }
});
