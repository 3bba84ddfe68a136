import type { Severity } from './severity.ts';

/** The three timings of a lane, in seconds. Threshold 0: never keep quiet. Relapse 0: what was suppressed never comes back. */
export interface Timing {
  period: number;
  threshold: number;
  relapse: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Timings of a group that sets none, as in the reference. */
export const DEFAULT_TIMINGS: Readonly<Record<Severity, Timing>> = {
  low: { period: DAY, threshold: 6 * DAY, relapse: 2 * DAY },
  medium: { period: 2 * HOUR, threshold: 6 * DAY, relapse: 2 * DAY },
  high: { period: 10 * MINUTE, threshold: DAY, relapse: 12 * HOUR },
  critical: { period: 10 * MINUTE, threshold: 2 * HOUR, relapse: 0 },
};

/** Lanes never look back further than this, in seconds: 31 days. */
export const MAX_WINDOW = 31 * DAY;
