/*
 * Mail sink: sends the mails of a lane as soon as the lane is committed.
 *
 * Input:     outcomes of lanes.
 * Output:    the same, in their order, after an attempt at each of the lane's mails was made.
 * State:     the outcome whose mails are being sent: while a mail server is waited for, the next lane is written.
 * Guarantee: what cannot be sent now stays in the outbox, from where the next run takes it; a mail never delays or fails a lane.
 */
import { flushable, none } from 'stream-chain/defs.js';
import type { LaneOutcome } from '../lib/model/lane.ts';

type Sent = LaneOutcome | typeof none | Promise<LaneOutcome>;

export function mailSink(deps: {
  /** Sends what this run added to the outbox, one call after the other. Never rejects. */
  readonly deliver: () => Promise<void>;
}): (outcome: LaneOutcome) => Sent {
  let underway: Promise<LaneOutcome> | undefined;

  const exchange = (next: Promise<LaneOutcome> | undefined): Sent => {
    const sent = underway ?? none;
    underway = next;
    return sent;
  };

  return flushable(
    (outcome: LaneOutcome): Sent => {
      const mailed = (outcome.mails ?? 0) > 0;
      if (!mailed && underway === undefined) return outcome;
      return exchange(mailed ? deps.deliver().then(() => outcome) : Promise.resolve(outcome));
    },
    () => exchange(undefined),
  );
}
