import { setImmediate } from 'node:timers/promises';
import { outcomeOf, overtaken, uncertain } from '../../stages/lane-outcome.ts';
import type { GroupExclusions } from '../filter/exclusions.ts';
import { Counters } from '../model/counters.ts';
import type { Group } from '../model/group.ts';
import type { Lane, LaneOutcome } from '../model/lane.ts';
import { partsOf } from '../model/parts.ts';
import type { Instant } from '../model/time.ts';
import type { Store } from '../store/port.ts';
import { failureIn, type Log } from './log.ts';
import { lanesOf, type PlannedLane } from './plan.ts';
import type { RunOptions } from './run-options.ts';

/** Lanes with nothing to say that are committed together: few big writes are what costs a store least. */
const AT_A_TIME = 10_000;

export interface CommitSilentDeps {
  readonly options: RunOptions;
  readonly run: string;
  readonly store: Store;
  readonly log: Log;
  readonly exclusionsOf: (group: Group, to: Instant) => GroupExclusions | undefined;
  /** Once aborted, nothing more is begun. */
  readonly stop: AbortSignal;
}

/** For each lane whether it was committed, or why nobody knows. */
type End = { readonly done: readonly boolean[] } | { readonly error: unknown };

/** Lanes on their way into the store. */
interface Commit {
  readonly lanes: readonly Lane[];
  readonly end: Promise<End>;
}

/**
 * Commits lanes that have nothing to say (see silentLanes): nothing is read for them, so that no stage has to see them. While the store
 * writes some, those before are told of and the next are made ready. Lanes that have no turn before an end is wished for are told
 * nothing of. Never rejects on a fault of the store: then all that it concerns have failed.
 */
export async function* commitSilent(
  planned: readonly PlannedLane[],
  deps: CommitSilentDeps,
): AsyncGenerator<readonly LaneOutcome[], void, undefined> {
  const { exclusionsOf } = deps;
  let before: Commit | undefined;
  for (const some of partsOf(planned, AT_A_TIME)) {
    // Signals are heard of between two turns of the event loop only.
    await setImmediate();
    if (deps.stop.aborted) break;
    const lanes = lanesOf(some, ({ group, window }) => exclusionsOf(group, window.to)?.faults, NOTHING);
    const ended = await before?.end;
    const commit = { lanes, end: commitAll(lanes, deps) };
    if (before !== undefined) yield await outcomesOf(before.lanes, ended!, deps);
    before = commit;
  }
  if (before !== undefined) yield await outcomesOf(before.lanes, await before.end, deps);
}

/** What all of them have counted. */
const NOTHING = new Counters();

async function commitAll(lanes: readonly Lane[], { options, run, store }: CommitSilentDeps): Promise<End> {
  // An ad-hoc run has no lane state to compare.
  if (options.mode !== 'regular') return { done: lanes.map(() => true) };
  const [wrote, ended] = [false, false];
  const commits = lanes.map(({ state, window: { to } }) => ({ state, to, run, wrote, ended }));
  try {
    return { done: await store.lanes.commit(commits) };
  } catch (error) {
    return { error };
  }
}

async function outcomesOf(
  lanes: readonly Lane[],
  end: End,
  { run, store, log }: CommitSilentDeps,
): Promise<readonly LaneOutcome[]> {
  if ('done' in end)
    return lanes.map((lane, i) => (end.done[i] ? outcomeOf(lane, 'skipped-no-events') : overtaken(lane)));
  const deps = { run, store: store.lanes, remembers: true, onFailure: failureIn(log) };
  return Promise.all(lanes.map((lane) => uncertain(lane, end.error, deps)));
}
