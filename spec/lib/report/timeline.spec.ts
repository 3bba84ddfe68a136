import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Part, Timeline } from '../../../lib/model/report.ts';
import { TimelineTally, timelineOf } from '../../../lib/report/timeline.ts';
import type { ValueCount } from '../../../lib/scratch/port.ts';
import { END } from '../../support/builders.ts';

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
