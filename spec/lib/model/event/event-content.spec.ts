import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { readEventContent } from '../../../../lib/model/event/event-content.ts';
import type { RawEvent } from '../../../../lib/model/event/event.ts';

const T = Date.UTC(2026, 0, 5, 12);

/** Lists of the first source, as plain data. */
function listsOf(source: RawEvent): Record<string, readonly unknown[]> {
  return Object.fromEntries(readEventContent({ Source: [source] }).sources[0]!.lists);
}

describe('clean event', () => {
  const times: [string, RawEvent, number, number][] = [
    ['detection alone', { DetectTime: '2026-01-05T12:00:00Z' }, T, T],
    [
      'event time before it',
      { DetectTime: '2026-01-05T12:00:00Z', EventTime: '2026-01-05T11:00:00Z' },
      T - 3_600_000,
      T - 3_600_000,
    ],
    [
      'all three',
      {
        DetectTime: '2026-01-05T12:00:00Z',
        EventTime: '2026-01-05T11:00:00Z',
        CeaseTime: '2026-01-05T11:30:00Z',
      },
      T - 3_600_000,
      T - 1_800_000,
    ],
    ['an unreadable event time', { DetectTime: '2026-01-05T12:00:00Z', EventTime: 'soon' }, T, T],
    [
      'an end without a beginning',
      { DetectTime: '2026-01-05T12:00:00Z', CeaseTime: 1767615300 },
      T,
      T + 900_000,
    ],
    [
      'an end a month before the beginning',
      {
        DetectTime: '2026-01-05T12:00:00Z',
        EventTime: '2026-01-05T11:00:00Z',
        CeaseTime: '2025-12-05T11:00:00Z',
      },
      T - 3_600_000 - 31 * 86_400_000,
      T - 3_600_000,
    ],
    ['the first instant of 1970', { DetectTime: '1970-01-01T00:00:00Z' }, 0, 0],
    ['an instant before 1970', { DetectTime: 'x', EventTime: '1969-12-31T23:59:59Z' }, -1000, -1000],
    ['no time at all', {}, NaN, NaN],
  ];
  for (const [name, raw, first, last] of times) {
    it(`takes first and last from ${name}`, () => {
      const event = readEventContent(raw);
      assert.deepEqual([event.first, event.last], [first, last]);
    });
  }

  const counts: [unknown, number | undefined][] = [
    [17, 17],
    [0, 0],
    ['22', 22],
    [22.5, undefined],
    [-1, undefined],
    ['-1', undefined],
    ['1e3', undefined],
    [null, undefined],
    [true, undefined],
    [[5], undefined],
    [2 ** 60, Number.MAX_SAFE_INTEGER],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
    [123n, 123],
  ];
  for (const [value, expected] of counts) {
    it(`reads a count from ${typeof value} ${String(value).slice(0, 20)} as ${expected}`, () => {
      assert.equal(readEventContent({ ConnCount: value }).counts.get('ConnCount'), expected);
    });
  }

  const lists: [string, RawEvent, Record<string, readonly unknown[]>][] = [
    [
      'wraps scalars',
      { IP4: '192.0.2.1', Port: 22, Hostname: 'a.example' },
      { ips: ['192.0.2.1'], Port: [22], Hostname: ['a.example'] },
    ],
    [
      'converts ports and drops bad ones',
      { Port: ['22', 65536, -1, 'http', '8000-8080', 0, 65535] },
      { Port: [22, 0, 65535] },
    ],
    [
      'drops addresses of the other family',
      { IP4: ['2001:db8::1', '192.0.2.1'], IP6: ['192.0.2.2'] },
      { ips: ['192.0.2.1'] },
    ],
    [
      'normalises addresses',
      { IP6: ['2001:DB8:0::1'], IP4: [{ ip: '192.0.2.9-192.0.2.1', min: 1 }] },
      { ips: ['192.0.2.1-192.0.2.9', '2001:db8::1'] },
    ],
    ['takes protocols in lower case', { Proto: ['TCP', 'tcp', 'SSH'] }, { Proto: ['tcp', 'tcp', 'ssh'] }],
    [
      'drops what is no hardware address',
      { MAC: ['00:1A:2b:3c:4d:5e', '001a2b3c4d5e', 7] },
      { MAC: ['00:1a:2b:3c:4d:5e'] },
    ],
    [
      'keeps numbers of interfaces apart from names',
      { Interface: [3, '4', 'eth0'] },
      { Interface: [3, 4, 'eth0'] },
    ],
    [
      'joins service and version',
      { ServiceName: 'OpenSSH', ServiceVersion: '7.4' },
      { services: ['OpenSSH (7.4)'] },
    ],
    ['takes a service without a version', { ServiceName: 'OpenSSH' }, { services: ['OpenSSH'] }],
    [
      'reads dates',
      { X509ExpiredTime: [new Date(T), '2020'] },
      { X509ExpiredTime: ['2026-01-05T12:00:00Z', '2020'] },
    ],
    ['takes null and empty texts for nothing', { Hostname: ['', null, {}], Port: null, URL: [] }, {}],
    ['makes text well-formed', { Hostname: ['a\ud800b'] }, { Hostname: ['a\ufffdb'] }],
  ];
  for (const [name, source, expected] of lists) {
    it(name, () => assert.deepEqual(listsOf(source), expected));
  }

  it('takes detector and software from the last node', () => {
    const event = readEventContent({
      Node: [{ Name: 'relay', SW: ['a'] }, { Name: 'probe', SW: 'b' }, 'no node'],
    });
    assert.deepEqual([event.detector, event.software], ['probe', ['b']]);
  });

  it('never holds a password', () => {
    const event = readEventContent({
      Credentials: [{ Username: 'root', Password: 'hunter2' }, { Password: 's3cret' }, { Username: 'x' }, {}],
    });
    assert.deepEqual(event.credentials, [
      { username: 'root', withPassword: true },
      { username: '', withPassword: true },
      { username: 'x', withPassword: false },
    ]);
    assert.doesNotMatch(JSON.stringify(event), /hunter2|s3cret/);
  });

  it('keeps the sign of a clock skew', () => {
    assert.equal(
      readEventContent({ Source: { ClockSkew: '-12.5' } }).sources[0]!.numbers.get('ClockSkew'),
      -12.5,
    );
  });

  it('reads _Mentat where there is no _CESNET', () => {
    const event = readEventContent({
      _Mentat: { EventClass: 'x', SourceResolvedASN: [1, '2'], SourceResolvedCountry: 'CZ' },
      TLP: 'amber',
    });
    assert.deepEqual(
      [event.eventClass, event.asns, event.countries, event.tlp],
      ['x', ['1', '2'], ['CZ'], 'AMBER'],
    );
  });

  it('reads any JSON without throwing', () => {
    const keys = [
      'Source',
      'Target',
      'Node',
      'Credentials',
      'DetectTime',
      'ConnCount',
      'Category',
      '_CESNET',
      'IP4',
      'Port',
      '__proto__',
    ];
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue({ maxDepth: 2 }),
        tie('object'),
        fc.array(tie('any'), { maxLength: 3 }),
      ),
      object: fc.dictionary(fc.constantFrom(...keys), tie('any'), { maxKeys: 5 }),
    })).object;
    fc.assert(
      fc.property(value, (raw) => {
        const event = readEventContent(raw);
        assert.equal(JSON.stringify(event).isWellFormed(), true);
      }),
      { seed: 20260105, numRuns: 300 },
    );
  });

  it('takes time linear in the size of an event', () => {
    const sized = (n: number): RawEvent => ({
      Source: [{ IP4: Array.from({ length: n }, (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`) }],
    });
    assert.equal(readEventContent(sized(60_000)).sources[0]!.lists.get('ips')!.length, 60_000);
  });
});
