/**
 * What becomes of an event, an item or a source: the closed list. Stages return a reason, counters count it, `explain` and the
 * run's summary print it. Nothing leaves the stream without one.
 */

/** Why a whole event went no further than the border of the run; counted per run. */
export const EVENT_REASONS = [
  'invalid-line', // replay: the line is no JSON object
  'invalid-event', // no usable ID or times, and no lane to charge it to
  'duplicate', // replay: an event with this ID came before
  'test-data', // category Test without --test-data, or the other way round
  'unknown-group', // none of its groups is known, enabled and worked by this run
] as const;
export type EventReason = (typeof EVENT_REASONS)[number];

/** Why an event went no further for one of its groups; counted per run, because it never reached a lane. */
export const ITEM_REASONS = [
  'no-severity', // none, or one outside the four
  'not-in-run', // its lane is not worked by this run
  'outside-window', // stored before or after its lane's window
] as const;
export type ItemReason = (typeof ITEM_REASONS)[number];

/** What became of an item inside its lane; every new item has exactly one. */
export const LANE_REASONS = ['invalid', 'outside-networks', 'filtered', 'suppressed', 'passed'] as const;
export type LaneReason = (typeof LANE_REASONS)[number];

/** What became of an event that a threshold had suppressed, once that threshold ended. */
export const RELAPSE_REASONS = ['relapsed', 'relapse-filtered', 'relapse-gone'] as const;
export type RelapseReason = (typeof RELAPSE_REASONS)[number];
