import type { Instant } from '../model/time.ts';

const MINUTE = 60_000;
const DELAYS = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE];
const JITTER = 0.1;

/** How long a mail belongs to the process that took it up. */
export const LEASE = 15 * MINUTE;

/** A `next` that never comes: the mail waits for a person. The last instant that can be written down. */
export const NEVER: Instant = Date.UTC(9999, 11, 31, 23, 59, 59);

/**
 * When to try again after the given attempt (from 1): 5, 15, 60 minutes, then hourly, each up to a tenth longer, so that many mails
 * that failed together do not come back together. `random` is in [0, 1).
 */
export function nextAttempt(now: Instant, attempt: number, random: () => number): Instant {
  const delay = DELAYS[Math.min(Math.max(attempt, 1), DELAYS.length) - 1]!;
  return now + Math.round(delay * (1 + JITTER * random()));
}

/** True once a mail that was first taken up at `since` has been tried for `retryFor` seconds. */
export function isOver(now: Instant, since: Instant, retryFor: number): boolean {
  return now >= since + retryFor * 1000;
}
