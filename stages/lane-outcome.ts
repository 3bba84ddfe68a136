import type { Lane, LaneOutcome } from '../lib/model/lane.ts';
import { formatInstant } from '../lib/model/time.ts';
import { messageOf } from '../lib/model/user-error.ts';

/** Shared by the many lanes without filter hits. */
const NO_HITS: Readonly<Record<string, number>> = {};

export function laneIdentity({
  key,
  group,
  severity,
  window,
}: Pick<Lane, 'key' | 'group' | 'severity' | 'window'>) {
  return { lane: key, group: group.name, severity, from: window.from, to: window.to };
}

export function createOutcome(
  lane: Lane,
  result: LaneOutcome['result'],
  more: Partial<LaneOutcome> = {},
): LaneOutcome {
  return {
    ...laneIdentity(lane),
    result,
    ...lane.counters.counts(),
    filtering: lane.filtering === undefined ? NO_HITS : Object.fromEntries(lane.filtering),
    problems: lane.problems,
    ...more,
  };
}

/** Another reporter committed the lane in the meantime: its reports stand, ours are discarded. */
export function overtakenOutcome(lane: Lane): LaneOutcome {
  const until = formatInstant(lane.window.to);
  return createOutcome(lane, 'skipped-too-soon', {
    error: `another reporter processed this lane first; everything of this run up to ${until} was discarded`,
  });
}

/** A lane that failed before its commit. */
export function failedOutcome(lane: Lane, error: unknown): LaneOutcome {
  return createOutcome(lane, 'failed', { error: messageOf(error) });
}

/** A lane of a run with lane states whose commit broke: it may have taken place all the same. */
export function uncertainOutcome(lane: Lane, error: unknown): LaneOutcome {
  return createOutcome(lane, 'failed', {
    error: `${messageOf(error)}; the next run finds out whether the lane was committed, and goes on from there`,
  });
}

/** Outcomes of lanes without events, from the commit they have in common. */
export function idleOutcomes(
  lanes: readonly Lane[],
  commit: PromiseSettledResult<readonly boolean[]>,
  deps: { readonly remembers: boolean; readonly onFailure: (lane: Lane, error: unknown) => void },
): readonly LaneOutcome[] {
  if (commit.status === 'fulfilled')
    return lanes.map((lane, i) =>
      commit.value[i] ? createOutcome(lane, 'skipped-no-events') : overtakenOutcome(lane),
    );
  const outcomeOf = deps.remembers ? uncertainOutcome : failedOutcome;
  return lanes.map((lane) => {
    deps.onFailure(lane, commit.reason);
    return outcomeOf(lane, commit.reason);
  });
}
