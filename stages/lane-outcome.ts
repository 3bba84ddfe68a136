import type { Lane, LaneOutcome } from '../lib/model/lane.ts';
import { formatInstant } from '../lib/model/time.ts';
import { messageOf } from '../lib/model/user-error.ts';
import type { LaneStore } from '../lib/store/port.ts';

/** What telling of lanes takes that came to no good end. */
export interface FailureDeps {
  readonly run: string;
  /** False for a run that remembers nothing: no thresholds are set, no filter hits kept. */
  readonly remembers: boolean;
  readonly store: Pick<LaneStore, 'discard'>;
  /** Told of every lane that fails. */
  readonly onFailure: (lane: Lane, error: unknown) => void;
}

/** Most lanes have no filter hits: one object for all of them. */
const NO_HITS: Readonly<Record<string, number>> = {};

/** What a lane came to. */
export function createOutcome(
  lane: Lane,
  result: LaneOutcome['result'],
  more: Partial<LaneOutcome> = {},
): LaneOutcome {
  return {
    lane: lane.key,
    group: lane.group.name,
    severity: lane.severity,
    from: lane.window.from,
    to: lane.window.to,
    result,
    ...lane.counters.counts(),
    filtering: lane.filtering === undefined ? NO_HITS : Object.fromEntries(lane.filtering),
    problems: lane.problems,
    ...more,
  };
}

/** Another reporter committed the lane while we worked it: its reports stand, ours are gone. */
export function overtaken(lane: Lane): LaneOutcome {
  const until = formatInstant(lane.window.to);
  return createOutcome(lane, 'skipped-too-soon', {
    error: `another reporter worked this lane first; nothing of ours up to ${until} was kept`,
  });
}

/** What lanes with nothing to say came to by the commit that they have in common. */
export async function idleOutcomes(
  lanes: readonly Lane[],
  end: PromiseSettledResult<readonly boolean[]>,
  deps: FailureDeps,
): Promise<readonly LaneOutcome[]> {
  if (end.status === 'rejected') return Promise.all(lanes.map((lane) => uncertain(lane, end.reason, deps)));
  return lanes.map((lane, i) => (end.value[i] ? createOutcome(lane, 'skipped-no-events') : overtaken(lane)));
}

/** A lane that failed before its commit. */
export async function fail(lane: Lane, error: unknown, deps: FailureDeps): Promise<LaneOutcome> {
  deps.onFailure(lane, error);
  // What cannot be discarded now is pending and therefore unseen; the next run recovers it.
  await deps.store.discard([{ lane: lane.key, run: deps.run }]).catch(() => undefined);
  return createOutcome(lane, 'failed', { error: messageOf(error) });
}

/**
 * A commit that broke may have taken place all the same, and then to discard would lose the lane's reports for good. What was written stays
 * pending: the next run makes it live or discards it, whichever the lane's state says. A run that remembers nothing leaves no such state.
 */
export async function uncertain(lane: Lane, error: unknown, deps: FailureDeps): Promise<LaneOutcome> {
  if (!deps.remembers) return fail(lane, error, deps);
  deps.onFailure(lane, error);
  return createOutcome(lane, 'failed', {
    error: `${messageOf(error)}; the next run finds out whether the lane was committed, and goes on from there`,
  });
}
