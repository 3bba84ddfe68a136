import { formatInstant, type Instant } from '../model/time.ts';
import type { PlannedLane } from '../run/plan/plan.ts';
import { neverCommitted } from '../run/plan/plan-run.ts';
import type { WorkFacts } from './facts.ts';

/**
 * Whether a lane has processed what was stored at an instant, or when it will.
 * @param planned the lane as a scheduled run would find it now
 * @param interval seconds that upper bounds are floored to
 */
export function progressOf(planned: PlannedLane, stored: Instant, interval: number): WorkFacts {
  const { state, window } = planned;
  const stands = {
    to: state.to === undefined ? null : formatInstant(state.to),
    run: neverCommitted(state) ? null : (state.run ?? null),
    from: formatInstant(window.from),
  };
  if (stored < window.from) {
    const worked = state.to !== undefined && stored < state.to && !neverCommitted(state);
    return { ...stands, state: worked ? 'worked' : 'before', due: null, due_now: false };
  }
  const dueNow = planned.due && stored < window.to;
  const due = dueNow ? window.to : dueOf(planned, stored, interval);
  return { ...stands, state: 'waiting', due: formatInstant(due), due_now: dueNow };
}

/** The earliest end of a window after the instant that is due for the lane. */
function dueOf({ state, group, severity }: PlannedLane, stored: Instant, interval: number): Instant {
  const soonest = state.to === undefined ? 0 : state.to + group.settings.timings[severity].period * 1000;
  const step = interval * 1000;
  return Math.ceil(Math.max(stored + 1, soonest) / step) * step;
}
