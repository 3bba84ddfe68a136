import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { progressOf } from '../../../lib/explain/progress.ts';
import { planLanes } from '../../../lib/run/plan/plan.ts';
import { laneKey, type LaneState } from '../../../lib/model/lane.ts';
import { formatInstant } from '../../../lib/model/time.ts';
import { MAX_WINDOW } from '../../../lib/model/timing.ts';
import { END, group } from '../../support/builders.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const OWNER = group();
const KEY = laneKey('live', 'low', OWNER.name);

/** Of a low lane with a period of a day, as a run up to END finds it. */
function work(stored: number, state: Partial<LaneState> = {}) {
  const last = { lane: KEY, to: undefined, epoch: 0, run: 'run-1', ...state };
  const [planned] = planLanes({
    groups: [OWNER],
    severities: ['low'],
    track: 'live',
    to: END,
    timeLow: undefined,
    maxWindow: MAX_WINDOW,
    regular: true,
    run: 'plan',
    states: new Map(last.to === undefined ? [] : [[KEY, last]]),
  });
  return progressOf(planned!, stored, 600);
}

describe('workOf', () => {
  // What, storage time, state of the lane, and what comes of it: state, due, due now.
  const cases: [string, number, Partial<LaneState>, [string, number | null, boolean]][] = [
    ['just before the end of what was worked', END - DAY - 1, { to: END - DAY }, ['worked', null, false]],
    ['exactly at that end', END - DAY, { to: END - DAY }, ['waiting', END, true]],
    ['in the next window, too soon', END - 1, { to: END - HOUR }, ['waiting', END - HOUR + DAY, false]],
    ['at the end of the next window', END, { to: END - DAY }, ['waiting', END + 600_000, false]],
    ['in the first window', END - DAY, {}, ['waiting', END, true]],
    ['before the first window', END - DAY - 1, {}, ['before', null, false]],
    ['before a lane that only began', END - DAY - 1, { to: END - DAY, run: 'run-1-begins' }, ['before', null, false]],
    ['before where the state file has a lane', END - DAY - 1, { to: END - DAY, run: undefined }, ['before', null, false]],
    ['further back than a window reaches', END - 32 * DAY, { to: END - 40 * DAY }, ['before', null, false]],
  ]; // prettier-ignore
  for (const [what, stored, state, [expected, due, now]] of cases) {
    it(`${what}: ${expected}`, () => {
      const found = work(stored, state);
      assert.deepEqual(
        [found.state, found.due, found.due_now],
        [expected, due === null ? null : formatInstant(due), now],
      );
    });
  }

  it('names the run that worked a lane, not one that only noted where it begins', () => {
    assert.equal(work(END - DAY, { to: END - DAY }).run, 'run-1');
    assert.equal(work(END - DAY, { to: END - DAY, run: 'run-1-begins' }).run, null);
  });
});
