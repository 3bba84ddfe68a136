import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  dayOf,
  floorTo,
  formatInstant,
  parseCalendar,
  parseTime,
  parseTimestamp,
  timestampProblem,
} from '../../../lib/model/time.ts';

describe('instants', () => {
  const read: [text: string, expected: string | undefined][] = [
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z'],
    ['2026-01-31t12:00:00z', '2026-01-31T12:00:00Z'],
    ['2026-01-31 12:00:00.123456789Z', '2026-01-31T12:00:00.123Z'],
    ['2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00.999999Z', '2026-01-31T12:00:00.999Z'],
    ['2026-01-31T12:00:00+01:00', '2026-01-31T11:00:00Z'],
    ['2026-01-31T12:00:00-03:30', '2026-01-31T15:30:00Z'],
    ['2026-01-31T00:00:00-00:30', '2026-01-31T00:30:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['0099-12-31T23:59:59.999Z', '0099-12-31T23:59:59.999Z'],
    ['1969-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z'],
    ['2026-02-29T00:00:00Z', undefined],
    ['2026-01-31T12:00:00.12xZ', undefined],
    ['2026-01-31T12:00:00,123Z', undefined],
    ['2026-00-31T12:00:00Z', undefined],
    ['2026-01-00T12:00:00Z', undefined],
    ['2026-04-31T00:00:00Z', undefined],
    ['2026-13-01T00:00:00Z', undefined],
    ['2026-01-31T24:00:00Z', undefined],
    ['2026-01-31T12:60:00Z', undefined],
    ['2026-01-31T12:00:60Z', undefined],
    ['2026-01-31T12:00:00', undefined],
    ['2026-01-31T12:00Z', undefined],
    ['2026-01-31', undefined],
    ['2026-01-31T12:00:00+0100', undefined],
    ['2026-01-31T12:00:00+99:99', undefined],
    [' 2026-01-31T12:00:00Z', undefined],
    ['2026-01-31T12:00:00Z\n', undefined],
    ['２026-01-31T12:00:00Z', undefined],
  ];
  for (const [text, expected] of read) {
    it(`${JSON.stringify(text)} is ${expected ?? 'no time'}`, () => {
      const instant = parseCalendar(text);
      assert.equal(instant === undefined ? undefined : formatInstant(instant), expected);
    });
  }

  it('digits alone are seconds, never dates', () => {
    assert.equal(parseTime('2016'), 2_016_000);
    assert.equal(parseTime('20160208'), 20_160_208_000);
    assert.equal(parseTime(' -1.5 '), -1500);
    assert.equal(parseTime('1e3'), 1_000_000);
    assert.equal(parseTime('0'), 0);
  });

  it('refuses what only looks like a number', () => {
    for (const text of ['', ' ', '0x10', 'nan', 'Infinity', '1e400', '1e15', '1_000', '--1'])
      assert.equal(parseTime(text), undefined, text);
  });

  it('cuts fractions of seconds downwards, without losing milliseconds to rounding', () => {
    assert.equal(parseTime('1.001'), 1001);
    assert.equal(parseTime('1700000000.0019'), 1_700_000_000_001);
    assert.equal(parseTime('-0.0001'), -1);
  });

  it('reads timestamps of events as dates, seconds, milliseconds or text', () => {
    assert.equal(parseTimestamp(1_466_508_305), 1_466_508_305_000);
    assert.equal(parseTimestamp('1466508305'), 1_466_508_305_000);
    assert.equal(parseTimestamp(1_466_508_305_123), 1_466_508_305_123);
    assert.equal(parseTimestamp(new Date(5)), 5);
    for (const value of [-1, NaN, null, undefined, true, {}, new Date(NaN), 'soon'])
      assert.equal(parseTimestamp(value), undefined);
  });

  const sixties: [text: string, expected: string | undefined][] = [
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
    ['2017-01-01 00:59:60.5+01:00', '2016-12-31T23:59:59.999Z'],
    ['2017-01-01T05:29:60+05:30', '2016-12-31T23:59:59.999Z'],
    ['2016-12-31T23:59:61Z', undefined],
    ['2016-12-31T23:60:60Z', undefined],
    ['2016-12-31T23:59:60', undefined],
  ];
  for (const [text, expected] of sixties) {
    it(`of an event, ${text} is ${expected ?? 'no time'}`, () => {
      const instant = parseTimestamp(text);
      assert.equal(instant === undefined ? undefined : formatInstant(instant), expected);
    });
  }

  const problems: [value: unknown, problem: string | undefined][] = [
    ['9000-12-31T23:59:59.999Z', undefined],
    ['9001-01-01T00:00:00Z', 'is after the year 9000'],
    ['9001-01-01T00:00:00+01:00', undefined],
    [new Date('9999-01-01T00:00:00Z'), 'is after the year 9000'],
    ['0001-01-01T00:00:00Z', undefined],
    [0, undefined],
    [null, 'is missing'],
    ['', 'is no timestamp'],
    ['2026-01-31T12:00:00', 'has no time zone'],
    ['2026-01-31 12:00', 'has no time zone'],
    ['2026-01-31T12:00:00.123', 'has no time zone'],
    ['2026-01-31', 'has no time zone'],
    [-1, 'is no timestamp'],
  ];
  for (const [value, problem] of problems)
    it(`${JSON.stringify(value)} ${problem ?? 'is a timestamp of an event'}`, () =>
      assert.equal(timestampProblem(value), problem));

  it('floors towards the past, also before 1970, and leaves a border where it is', () => {
    assert.equal(floorTo(600_000, 600), 600_000);
    assert.equal(floorTo(1_199_999, 600), 600_000);
    assert.equal(floorTo(-1, 600), -600_000);
    assert.equal(new Date(floorTo(Date.UTC(2026, 0, 7), 604_800)).getUTCDay(), 4);
  });

  it('names the UTC day', () => assert.equal(dayOf(Date.UTC(2026, 0, 5, 23, 59)), '20260105'));
});
