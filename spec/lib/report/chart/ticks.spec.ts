import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { tickLabels } from '../../../../lib/report/chart/ticks.ts';
import { Words } from '../../../../lib/report/render/words.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

describe('labels of the axis of time', () => {
  /** The labels that are not empty, of bars from an instant on. */
  const labels = (from: string, count: number, width: number, timezone = 'UTC'): string[] => {
    const words = new Words((key) => key, { locale: 'en', timezone, defang: 'none' });
    const clocks = Array.from({ length: count }, (_, i) => words.clock(Date.parse(from) + i * width * 1000));
    return tickLabels(clocks, width).filter((label) => label !== '');
  };

  it('are times, with the day where it changes', () => {
    assert.deepEqual(labels('2026-01-05T12:00Z', 24, HOUR), [
      '12:00\n01-05',
      '18:00',
      '00:00\n01-06',
      '06:00',
    ]);
  });

  it('have the offset where the clock shows a time twice', () => {
    assert.deepEqual(labels('2026-10-24T23:00Z', 5, HOUR, 'Europe/Prague'), [
      '01:00\n10-25',
      '02:00\n+02:00',
      '02:00\n+01:00',
      '03:00',
      '04:00',
    ]);
    assert.deepEqual(labels('2026-10-25T00:00Z', 5, HOUR, 'Europe/Prague').slice(0, 2), [
      '02:00\n10-25 +02:00',
      '02:00\n+01:00',
    ]);
  });

  it('do not overlap where a time comes again at once', () => {
    assert.deepEqual(labels('2026-10-24T22:00Z', 10, HOUR, 'Europe/Prague'), [
      '00:00\n10-25',
      '02:00',
      '04:00',
      '06:00',
      '08:00',
    ]);
  });

  it('have the years where the chart goes over more than one', () => {
    assert.deepEqual(labels('2026-12-29T00:00Z', 5, DAY), [
      '12-29\n2026',
      '12-30',
      '12-31',
      '01-01\n2027',
      '01-02',
    ]);
    assert.deepEqual(labels('2026-01-01T00:00Z', 3, DAY), ['01-01', '01-02', '01-03']);
    assert.deepEqual(labels('2020-01-01T00:00Z', 5, 336 * DAY), [
      '01-01\n2020',
      '12-02',
      '11-03\n2021',
      '10-05\n2022',
      '09-06\n2023',
    ]);
    assert.deepEqual(labels('2026-12-31T12:00Z', 24, HOUR), [
      '12:00\n12-31',
      '18:00',
      '00:00\n2027-01-01',
      '06:00',
    ]);
  });
});
