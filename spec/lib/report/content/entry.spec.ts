import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { readEventContent } from '../../../../lib/model/event/event-content.ts';
import type { RawEvent } from '../../../../lib/model/event/event.ts';
import type { Entry } from '../../../../lib/model/report.ts';
import { Contribution } from '../../../../lib/report/content/contribution.ts';
import { mergeEntries } from '../../../../lib/report/content/entry.ts';
import { PackedReader, PackedWriter } from '../../../../lib/scratch/packed-values.ts';

const SOURCE = '192.0.2.1';

function merged(events: readonly RawEvent[], source = SOURCE): ReturnType<typeof mergeEntries> {
  return mergeEntries(
    events.map((event) => {
      const writer = new PackedWriter();
      new Contribution(readEventContent(event)).pack(writer, source);
      const reader = new PackedReader();
      reader.moveTo(writer.bytes, 0);
      return reader;
    }),
  );
}

function entryOf(events: readonly RawEvent[], source = SOURCE): Entry {
  return JSON.parse(merged(events, source).json) as Entry;
}

const at = (minute: number): string => `2026-01-05T12:${String(minute).padStart(2, '0')}:00Z`;
const seen = (more: RawEvent): RawEvent => ({ DetectTime: at(0), Node: [{ Name: 'probe' }], ...more });

describe('entry', () => {
  it('spans its events and counts them', () => {
    const entry = entryOf([
      { DetectTime: at(5) },
      { DetectTime: at(3), CeaseTime: at(9) },
      { DetectTime: at(8), EventTime: at(1) },
    ]);
    assert.deepEqual([entry.first_time, entry.last_time, entry.event_count], [at(1), at(9), 3]);
  });

  it('keeps detectors apart, and names that are missing as one', () => {
    const entry = entryOf([
      seen({ ConnCount: 1 }),
      seen({ ConnCount: 2 }),
      { DetectTime: at(0), ConnCount: 4 },
    ]);
    const sums = Object.entries(entry.detector_data).map(([name, data]) => [
      name,
      data.main_numeric_data['ConnCount'],
    ]);
    assert.deepEqual(sums, [
      ['-', 4],
      ['probe', 3],
    ]);
  });

  it('uses only the source sections that hold the address, and all target sections', () => {
    const event = seen({
      Source: [
        { IP4: [SOURCE], Port: [1000], InFlowCount: 5 },
        { IP4: ['192.0.2.2'], Port: [2000], InFlowCount: 7 },
        { IP4: ['198.51.100.1', SOURCE], Port: [3000] },
      ],
      Target: [
        { Port: [22], InFlowCount: 1 },
        { Port: [80, 22], InFlowCount: 2 },
      ],
    });
    const data = entryOf([event]).detector_data['probe']!;
    assert.deepEqual(data.source_list_data['Port'], { values: [1000, 3000] });
    assert.deepEqual(data.source_list_data['ips'], { values: [SOURCE, '198.51.100.1'] });
    assert.equal(data.source_numeric_data['InFlowCount'], 5);
    assert.deepEqual(data.target_list_data['Port'], { values: [22, 80] });
    assert.equal(data.target_numeric_data['InFlowCount'], 3);
  });

  it('finds the sections of an event with very many of them', () => {
    const Source = Array.from({ length: 500 }, (_, i) => ({ IP4: [`10.0.${i >> 8}.${i & 255}`], Port: [i] }));
    assert.deepEqual(
      entryOf([seen({ Source })], '10.0.1.7').detector_data['probe']!.source_list_data['Port'],
      { values: [263] },
    );
  });

  it('uses all source sections for an event without addresses', () => {
    const event = seen({ Source: [{ Hostname: ['a.example'], Port: [1] }, { Port: [2] }] });
    assert.deepEqual(entryOf([event], 'a.example').detector_data['probe']!.source_list_data['Port'], {
      values: [1, 2],
    });
  });

  it('weights the mean packet size with the packets of events that have both', () => {
    const events = [
      seen({ AvgPacketSize: 100, PacketCount: 1 }),
      seen({ AvgPacketSize: 400, PacketCount: 2 }),
      seen({ PacketCount: 1000 }),
      seen({ AvgPacketSize: 9000 }),
    ];
    assert.deepEqual(entryOf(events).detector_data['probe']!.main_numeric_data, {
      PacketCount: 1003,
      AvgPacketSize: 300,
    });
  });

  const skews: [number[], number][] = [
    [[5, -90, 30], -90],
    [[-5, 5], 5],
    [[0, -1], -1],
  ];
  for (const [values, expected] of skews) {
    it(`takes from clock skews ${values.join(' ')} the one furthest off: ${expected}`, () => {
      const events = values.map((ClockSkew) => seen({ Source: [{ IP4: [SOURCE], ClockSkew }] }));
      assert.equal(entryOf(events).detector_data['probe']!.source_numeric_data['ClockSkew'], expected);
    });
  }

  it('masks passwords', () => {
    const entry = entryOf([
      seen({ Credentials: [{ Username: 'root', Password: 'hunter2' }, { Username: 'guest' }] }),
    ]);
    assert.deepEqual(entry.detector_data['probe']!.main_list_data['UsernameAndPassword'], {
      values: ['guest', 'root:***'],
    });
  });

  it('cuts sets at 100 values', () => {
    const entry = entryOf([seen({ Target: [{ Port: Array.from({ length: 200 }, (_, i) => i) }] })]);
    const ports = entry.detector_data['probe']!.target_list_data['Port']!;
    assert.deepEqual([ports.values.length, ports.values.at(-1), ports.left_out], [100, 99, 100]);
  });

  it('keeps the first 50 detectors and the rest together', () => {
    const events = Array.from({ length: 80 }, (_, i) => ({
      DetectTime: at(0),
      ConnCount: 1,
      Node: [{ Name: `d${String(i).padStart(2, '0')}` }],
    }));
    for (const order of [events, [...events].reverse()]) {
      const data = entryOf(order).detector_data;
      assert.equal(Object.keys(data).length, 51);
      assert.equal(data['__REST__']!.main_numeric_data['ConnCount'], 30);
      assert.equal(data['d49']!.main_numeric_data['ConnCount'], 1);
    }
  });

  it('stays small enough to be stored, whatever a sender puts in', () => {
    const long = (i: number): string => `${i} `.padEnd(400, 'x');
    const list = Array.from({ length: 1000 }, (_, i) => long(i));
    const events = Array.from({ length: 20 }, (_, i) => ({
      DetectTime: at(0),
      Node: [{ Name: `d${i}` }],
      Target: [{ Hostname: list, URL: list, Router: list, Email: list }],
    }));
    assert.ok(JSON.stringify(entryOf(events)).length <= 1_000_000);
  });

  const value = fc.integer({ min: 0, max: 1500 });
  const event = fc.record(
    {
      DetectTime: fc.integer({ min: 0, max: 59 }).map(at),
      EventTime: fc.option(fc.integer({ min: 0, max: 59 }).map(at), { nil: undefined }),
      Node: fc.constantFrom([{ Name: 'a' }], [{ Name: 'b' }], [{ Name: '__proto__' }], undefined),
      ConnCount: fc.option(fc.nat(), { nil: undefined }),
      PacketCount: fc.option(fc.maxSafeNat(), { nil: undefined }),
      AvgPacketSize: fc.option(fc.nat({ max: 1500 }), { nil: undefined }),
      Ref: fc.array(fc.webUrl(), { maxLength: 2 }),
      Source: fc.array(
        fc.record({
          IP4: fc.subarray([SOURCE, '192.0.2.2']),
          Port: fc.array(value, { maxLength: 800, size: 'max' }),
          ClockSkew: fc.option(fc.integer(), { nil: undefined }),
        }),
        { maxLength: 3 },
      ),
      Target: fc.array(
        fc.record({
          Port: fc.array(value, { maxLength: 5 }),
          Hostname: fc.array(fc.string(), { maxLength: 2 }),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ['DetectTime'] },
  );

  it('comes to the same in any order of events', () => {
    fc.assert(
      fc.property(
        fc
          .array(event, { minLength: 3, maxLength: 9 })
          .chain((events) => fc.tuple(fc.constant(events), shuffled(events))),
        ([events, others]) => assert.deepEqual(merged(others), merged(events)),
      ),
      { seed: 7, numRuns: 40 },
    );
  });
});

function shuffled<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
}
