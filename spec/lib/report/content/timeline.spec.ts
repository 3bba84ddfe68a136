import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Part, Timeline } from '../../../../lib/model/report.ts';
import { formatInstant } from '../../../../lib/model/time.ts';
import { TimelineTally, timelineOf, widened } from '../../../../lib/report/content/timeline.ts';
import { Words } from '../../../../lib/report/render/words.ts';
import type { ValueCount } from '../../../../lib/scratch/port.ts';
import { END } from '../../../support/builders.ts';

interface Happening {
  readonly part: Part;
  readonly happened: number;
  readonly stored: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YEAR_9999 = Date.UTC(9999, 11, 31);

const happenings = fc.array(
  fc.record({
    part: fc.constantFrom<Part>('regular', 'relapsed'),
    happened: fc.oneof(
      fc.integer({ min: END - 3 * DAY, max: END + DAY }),
      fc.integer({ min: -62_135_596_800_000, max: YEAR_9999 }),
    ),
    stored: fc.oneof(fc.integer({ min: END - DAY, max: END }), fc.integer({ min: 0, max: YEAR_9999 })),
  }),
  { maxLength: 600, size: 'max' },
);

function tallyOf(events: readonly Happening[]): TimelineTally {
  const tally = new TimelineTally();
  for (const { part, happened, stored } of events) tally.add(part, happened, stored);
  return tally;
}

/** The timeline of events that were counted in groups, and added up in another order. */
function joined(groups: readonly (readonly Happening[])[]): Timeline {
  const counts = new Map<string, ValueCount>();
  for (const group of groups) {
    for (const one of tallyOf(group).counts()) {
      const key = `${one.dimension} ${one.value}`;
      counts.set(key, { ...one, count: one.count + (counts.get(key)?.count ?? 0) });
    }
  }
  return timelineOf((dimension) => ({
    top: [...counts.values()].filter((one) => one.dimension === dimension).reverse(),
  }));
}

function sum(timeline: Timeline, part: Part): number {
  return Object.values(timeline[part]).reduce((total, count) => total + count, 0);
}

describe('timeline', () => {
  it('is the same in any order and grouping, counts every event, and stays small', () => {
    fc.assert(
      fc.property(happenings, fc.integer({ min: 1, max: 50 }), (events, size) => {
        const whole = tallyOf(events).timeline();
        assert.deepEqual(tallyOf([...events].reverse()).timeline(), whole);
        const groups: Happening[][] = [];
        for (let i = 0; i < events.length; i += size) groups.push(events.slice(i, i + size));
        assert.deepEqual(joined(groups), whole);
        for (const part of ['regular', 'relapsed'] as const) {
          assert.equal(sum(whole, part), events.filter((event) => event.part === part).length);
          assert.ok(Object.keys(whole[part]).length <= 120);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('counts by the minute while that is few, each bucket at its beginning', () => {
    const at = (seconds: number): Happening => ({
      part: 'regular',
      happened: END - HOUR + seconds * 1000,
      stored: END,
    });
    assert.deepEqual(tallyOf([at(0), at(59), at(60), at(3000)]).timeline(), {
      width: 60,
      regular: { '2026-01-05T23:00:00Z': 2, '2026-01-05T23:01:00Z': 1, '2026-01-05T23:50:00Z': 1 },
      relapsed: {},
    });
  });

  it('shows both parts in the width of the wider one', () => {
    const day = Array.from({ length: 24 * 60 }, (_, i) => i * 60_000);
    const wide = day.map((offset): Happening => ({
      part: 'relapsed',
      happened: END - DAY + offset,
      stored: END,
    }));
    const timeline = tallyOf([{ part: 'regular', happened: END - 1, stored: END }, ...wide]).timeline();
    assert.equal(timeline.width, 900);
    assert.deepEqual(timeline.regular, { '2026-01-05T23:45:00Z': 1 });
    assert.equal(Object.keys(timeline.relapsed).length, 96);
    assert.ok(Object.values(timeline.relapsed).every((count) => count === 15));
  });

  it('does not believe a time after the storage, or long before', () => {
    const odd = [END + 1, YEAR_9999, END - 8 * DAY, 0].map((happened): Happening => ({
      part: 'regular',
      happened,
      stored: END,
    }));
    assert.deepEqual(tallyOf(odd).timeline().regular, { '2026-01-06T00:00:00Z': 4 });
    const late: Happening = { part: 'regular', happened: END - 7 * DAY, stored: END };
    assert.deepEqual(tallyOf([late]).timeline().regular, { '2025-12-30T00:00:00Z': 1 });
  });
});

describe('bars over time', () => {
  /** An event an hour. */
  const hourly = (from: string, to: string): Timeline => {
    const regular: Record<string, number> = {};
    for (let at = Date.parse(from); at < Date.parse(to); at += HOUR) regular[formatInstant(at)] = 1;
    return { width: 3600, regular, relapsed: {} };
  };
  const barsOf = (zone: string, from: string, to: string, limit: number): [string[], number[]] => {
    const words = new Words((key) => key, { locale: 'en', timezone: zone, defang: 'none' });
    const { buckets, end } = widened(hourly(from, to), limit, words.offset);
    const starts = [...buckets.map(({ start }) => start), end].map((instant) => {
      const { day, time } = words.clock(instant);
      return `${day.slice(5)} ${time}`;
    });
    return [starts, buckets.map(({ regular }) => regular)];
  };
  const midnights = (...days: string[]): string[] => days.map((day) => `${day} 00:00`);

  // The zone, what is shown, when the bars begin and the last one ends on that clock, and their events.
  const days: [string, string, string, string[], number[]][] = [
    [
      'UTC',
      '2026-10-24T00:00Z',
      '2026-10-27T00:00Z',
      midnights('10-24', '10-25', '10-26', '10-27'),
      [24, 24, 24],
    ],
    [
      'Europe/Prague',
      '2026-10-23T22:00Z',
      '2026-10-26T23:00Z',
      midnights('10-24', '10-25', '10-26', '10-27'),
      [24, 25, 24],
    ],
    [
      'Europe/Prague',
      '2026-03-27T23:00Z',
      '2026-03-30T22:00Z',
      midnights('03-28', '03-29', '03-30', '03-31'),
      [24, 23, 24],
    ],
    // There the clock goes back from one to midnight, which it strikes twice.
    [
      'America/Havana',
      '2026-10-31T04:00Z',
      '2026-11-03T05:00Z',
      midnights('10-31', '11-01', '11-02', '11-03'),
      [24, 25, 24],
    ],
  ];
  for (const [zone, from, to, starts, counts] of days) {
    it(`of a day begin at midnight, before and after clocks are changed: ${zone}, ${from}`, () =>
      assert.deepEqual(barsOf(zone, from, to, 3), [starts, counts]));
  }

  /** Local date as `YYYY-MM-DD`, by other means than the product's. */
  const dateIn = (zone: string): ((instant: number) => string) => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
    return (instant) => format.format(instant);
  };
  /** Bars of a day each, in a zone, over events at noon UTC of many days. */
  const dayBars = (zone: string, from: number, days: number) => {
    const words = new Words((key) => key, { locale: 'en', timezone: zone, defang: 'none' });
    const noons = Array.from({ length: days }, (_, i) => formatInstant(from + i * DAY + 12 * HOUR));
    const regular = Object.fromEntries(noons.map((noon) => [noon, 1]));
    return widened({ width: 60, regular, relapsed: {} }, days + 3, words.offset);
  };

  // Zones whose clock skips midnight on some day, and one that skipped a whole day.
  const missing: [string, string, string][] = [
    ['Atlantic/Azores', '2026-03-29', '2026-03-29T01:00:00Z'],
    ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z'],
    ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00Z'],
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z'],
    ['America/Asuncion', '2023-10-01', '2023-10-01T04:00:00Z'],
    ['America/Havana', '2026-03-08', '2026-03-08T05:00:00Z'],
    ['Asia/Amman', '2021-03-26', '2021-03-25T22:00:00Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z'],
  ];
  for (const [zone, day, begins] of missing) {
    it(`of the day begin at its first instant where midnight is missing: ${zone}, ${day}`, () => {
      const { buckets } = dayBars(zone, Date.parse(day) - 8 * DAY, 16);
      const of = buckets.filter(({ start }) => dateIn(zone)(start) === day);
      assert.deepEqual(
        of.map(({ start }) => formatInstant(start)),
        [begins],
      );
    });
  }

  it('show each day of any zone once, beginning at its first instant', () => {
    const years = [1987, 2011, 2026];
    for (const [i, zone] of Intl.supportedValuesOf('timeZone').entries()) {
      const date = dateIn(zone);
      const { buckets, end } = dayBars(zone, Date.UTC(years[i % years.length]!, 0, 1), 366);
      assert.equal(
        buckets.reduce((sum, { regular }) => sum + regular, 0),
        366,
      );
      let before = date(buckets[0]!.start - 1000);
      for (const start of [...buckets.map(({ start }) => start), end]) {
        assert.ok(date(start) > before, `${zone} ${date(start)}`);
        assert.equal(date(start - 1000), before, zone);
        before = date(start);
      }
    }
  });

  it('of an hour stay an hour', () => {
    const [starts, counts] = barsOf('Europe/Prague', '2026-10-24T23:00Z', '2026-10-25T03:00Z', 10);
    assert.deepEqual(starts, ['10-25 01:00', '10-25 02:00', '10-25 02:00', '10-25 03:00', '10-25 04:00']);
    assert.deepEqual(counts, [1, 1, 1, 1]);
  });

  it('are whole whatever the zone: no event is lost', () => {
    for (const zone of [
      'Europe/Prague',
      'America/Havana',
      'Australia/Lord_Howe',
      'Asia/Kolkata',
      'Africa/Casablanca',
    ]) {
      for (const limit of [1, 5, 42]) {
        const [, counts] = barsOf(zone, '2026-02-01T00:00Z', '2026-04-10T00:00Z', limit);
        assert.ok(counts.length <= limit);
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          68 * 24,
        );
      }
    }
  });
});
