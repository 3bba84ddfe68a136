import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { planLanes, cutSlices, upperBound, type PlanRequest } from '../../../../lib/run/plan/plan.ts';
import { laneKey, type LaneState } from '../../../../lib/model/lane.ts';
import { MAX_WINDOW } from '../../../../lib/model/timing.ts';
import { END, group } from '../../../support/builders.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function plan(request: Partial<Omit<PlanRequest, 'states'>> & { last?: number } = {}) {
  const owner = group();
  const { last, ...more } = request;
  const key = laneKey('live', 'low', owner.name);
  const state: LaneState = { lane: key, to: last, epoch: 3, run: 'earlier' };
  const [lane] = planLanes({
    groups: [owner],
    severities: ['low'],
    track: 'live',
    to: END,
    timeLow: undefined,
    maxWindow: MAX_WINDOW,
    regular: true,
    run: 'now',
    states: new Map(last === undefined ? [] : [[key, state]]),
    ...more,
  });
  return lane!;
}

describe('plan', () => {
  it('begins at the last success, else at the lower bound given, else one period back', () => {
    assert.equal(plan({ last: END - 3 * DAY, timeLow: 0 }).window.from, END - 3 * DAY);
    assert.equal(plan({ timeLow: END - 5 * HOUR }).window.from, END - 5 * HOUR);
    assert.equal(plan().window.from, END - DAY);
  });

  it('a lane is due once its period has passed, to the millisecond', () => {
    assert.equal(plan({ last: END - DAY }).reason, 'due');
    assert.equal(plan({ last: END - DAY + 1 }).reason, 'too-soon');
  });

  it('an ad-hoc run has no periods, begins at the last success, and has lanes of its own', () => {
    const lane = plan({ last: END - HOUR, regular: false });
    assert.deepEqual([lane.reason, lane.window.from], ['due', END - HOUR]);
    assert.equal(lane.key, 'adhoc/now/live/low/abuse@example.org');
    assert.deepEqual(lane.state, { lane: lane.key, to: undefined, epoch: 0, run: undefined });
  });

  it('a lane with an empty or reversed window is not due, so that it never moves back', () => {
    assert.equal(plan({ last: END, regular: false }).reason, 'nothing-since');
    assert.equal(plan({ last: END + DAY, regular: false }).due, false);
    assert.equal(plan({ timeLow: END + 1 }).due, false);
  });

  it('looks back 31 days at the most and says where it would have begun', () => {
    const { window } = plan({ last: END - 40 * DAY });
    assert.deepEqual(window, { from: END - 31 * DAY, to: END, cutFrom: END - 40 * DAY });
    assert.equal('cutFrom' in plan({ last: END - 31 * DAY }).window, false);
  });

  it('is judged too soon before the window is cut', () => {
    const slow = group({ settings: { timing: 'custom', timing_per_lo: 60 * 86_400 } });
    assert.equal(plan({ groups: [slow], last: END - 40 * DAY }).reason, 'too-soon');
  });

  it('cuts slices of up to 200 lanes that share severity and window, critical first', () => {
    const groups = Array.from({ length: 250 }, (_, i) => group({ name: `g${String(i).padStart(3, '0')}` }));
    const states = new Map([
      [
        laneKey('live', 'low', 'g007'),
        { lane: laneKey('live', 'low', 'g007'), to: END - 2 * DAY, epoch: 0, run: 'r' },
      ],
    ]);
    const lanes = planLanes({ groups, severities: ['critical', 'low'], track: 'live', to: END, timeLow: undefined, maxWindow: MAX_WINDOW, regular: true, run: 'now', states }); // prettier-ignore
    const slices = cutSlices(lanes);
    assert.deepEqual(slices.map((slice) => [slice[0]!.severity, slice.length]), [['critical', 200], ['critical', 50], ['low', 200], ['low', 1], ['low', 49]]); // prettier-ignore
    for (const slice of slices)
      assert.equal(new Set(slice.map((lane) => `${lane.severity} ${lane.window.from}`)).size, 1);
  });

  it('the upper bound is the clock set back to settle, or the instant given; whole seconds, floored when asked to', () => {
    const now = Date.UTC(2026, 0, 6, 12, 34, 56, 789);
    const at = (o: Partial<Parameters<typeof upperBound>[1]>) =>
      new Date(
        upperBound(now, { timeHigh: undefined, settle: 0, interval: 600, floored: false, ...o }),
      ).toISOString();
    assert.equal(at({}), '2026-01-06T12:34:56.000Z');
    assert.equal(at({ settle: 57 }), '2026-01-06T12:33:59.000Z');
    assert.equal(at({ floored: true }), '2026-01-06T12:30:00.000Z');
    assert.equal(at({ floored: true, settle: 300 }), '2026-01-06T12:20:00.000Z');
    assert.equal(at({ settle: 300, timeHigh: END + 1 }), '2026-01-06T00:00:00.000Z');
  });
});
