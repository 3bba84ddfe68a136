/*
 * Mail sink: sends the mails of a lane as soon as the lane is committed.
 *
 * Input:     outcomes of lanes.
 * Output:    the same, after an attempt at each of the lane's mails was made.
 * State:     none.
 * Guarantee: what cannot be sent now stays in the outbox, from where the next run takes it; a mail never holds up or fails a lane.
 */
import type { LaneOutcome } from '../lib/model/lane.ts';

export function mailSink(deps: {
  /** Works off what this run put into the outbox. */
  readonly deliver: () => Promise<void>;
}): (outcome: LaneOutcome) => LaneOutcome | Promise<LaneOutcome> {
  return (outcome) => ((outcome.mails ?? 0) === 0 ? outcome : deps.deliver().then(() => outcome));
}
