import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { readEventContent } from '../../../../lib/model/event/event-content.ts';
import type { RawEvent } from '../../../../lib/model/event/event.ts';
import type { Statistics } from '../../../../lib/model/report.ts';
import { statisticsOf, Tally } from '../../../../lib/report/content/statistics.ts';

function statistics(events: readonly RawEvent[], limit?: number): Statistics {
  const tally = new Tally(limit);
  for (const event of events) tally.add(readEventContent(event));
  return statisticsOf(events.length, tally);
}

const FULL: RawEvent = {
  Category: ['Recon.Scanning', 'Attempt.Login', 'Recon.Scanning'],
  Source: [{ IP4: ['192.0.2.1'], IP6: ['2001:DB8::1'] }, { IP4: ['192.0.2.1'] }],
  Target: [{ IP4: ['198.51.100.0/24'] }],
  Node: [
    { Name: 'relay', SW: ['x'] },
    { Name: 'probe', SW: ['a', 'b'] },
  ],
  TLP: 'amber',
  _CESNET: {
    EventClass: 'recon-scanning',
    EventSeverity: 'low',
    ResolvedAbuses: ['a@example.org', 'b@example.org'],
    SourceResolvedASN: [65000],
    SourceResolvedCountry: ['CZ'],
  },
};

describe('statistics', () => {
  it('count every value of an event once, and the event itself', () => {
    assert.deepEqual(statistics([FULL]), {
      cnt_alerts: 1,
      cnt_events: 1,
      cnt_recurring: 0,
      cnt_unique: 1,
      sources: { '192.0.2.1': 1, '2001:db8::1': 1 },
      targets: { '198.51.100.0/24': 1 },
      analyzers: { a: 1, b: 1 },
      detectors: { probe: 1 },
      categories: { 'Attempt.Login': 1, 'Recon.Scanning': 1 },
      category_sets: { 'Attempt.Login/Recon.Scanning': 1 },
      detectorsws: { 'probe/a': 1, 'probe/b': 1 },
      abuses: { 'a@example.org': 1, 'b@example.org': 1 },
      asns: { 65000: 1 },
      countries: { CZ: 1 },
      classes: { 'recon-scanning': 1 },
      severities: { low: 1 },
      tlps: { AMBER: 1 },
    });
  });

  it('count what is missing as unknown', () => {
    const { cnt_alerts, cnt_events, cnt_recurring, cnt_unique, ...dimensions } = statistics([{}, {}]);
    assert.deepEqual([cnt_alerts, cnt_events, cnt_recurring, cnt_unique], [2, 2, 0, 2]);
    for (const [name, values] of Object.entries(dimensions))
      assert.deepEqual(values, { __unknown__: 2 }, name);
  });

  it('name a detector alone when it names no program', () => {
    assert.deepEqual(statistics([{ Node: [{ Name: 'probe' }] }])['detectorsws'], { probe: 1 });
  });

  const truncated: [string, number, string, (i: number) => RawEvent][] = [
    ['wide', 99, 'targets', (i) => ({ Target: [{ IP4: [`10.0.${i >> 8}.${i & 255}`] }] })],
    ['small', 999, 'countries', (i) => ({ _CESNET: { SourceResolvedCountry: [`C${i}`] } })],
  ];
  for (const [kind, limit, dimension, make] of truncated) {
    it(`keep the ${limit} most frequent values of a ${kind} dimension, ties by text, and sum the rest`, () => {
      const events = Array.from({ length: limit + 3 }, (_, i) => make(i));
      const frequent = make(limit + 2);
      const values = statistics([...events, frequent])[dimension] as Record<string, number>;
      assert.equal(Object.keys(values).length, limit + 1);
      assert.equal(Object.values(values)[0], 2);
      assert.equal(values['__REST__'], 3);
    });
  }

  it('put nothing under rest when nothing was cut', () => {
    const events = Array.from({ length: 99 }, (_, i) => ({ Target: [{ IP4: [`10.0.0.${i}`] }] }));
    assert.equal('__REST__' in (statistics(events)['targets'] as object), false);
  });

  it('add a rest that comes in to the rest that goes out', () => {
    const events = ['__REST__', 'a', '__REST__'].map((Name) => ({ Node: [{ Name }] }));
    assert.deepEqual(statistics(events)['detectors'], { a: 1, __REST__: 2 });
  });

  it('take names that are special to a program for names', () => {
    const values = statistics([{ Node: [{ Name: '__proto__' }] }])['detectors'] as object;
    assert.deepEqual(Object.entries(values), [['__proto__', 1]]);
  });

  it('do not depend on the order of events, not even beyond their limit', () => {
    const event = fc.integer({ min: 0, max: 60 }).map((i) => ({ Target: [{ IP4: [`10.0.0.${i}`] }] }));
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 200, size: 'max' }), (events) => {
        const values = statistics(events, 10)['targets'] as Record<string, number>;
        assert.deepEqual(statistics([...events].reverse(), 10)['targets'], values);
        assert.equal(
          Object.values(values).reduce((a, b) => a + b),
          events.length,
        );
        assert.ok(Object.keys(values).length <= 11);
      }),
      { seed: 3, numRuns: 100 },
    );
  });
});
