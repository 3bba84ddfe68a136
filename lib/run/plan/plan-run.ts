import type { Log } from '../ports.ts';
import { stateFileKey, type PreviousState } from './previous-state.ts';
import type { Group } from '../../model/group/group.ts';
import { laneKey, type LaneState } from '../../model/lane.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import type { Store } from '../../store/port.ts';
import { commitLanes, freshState, recoverLanes } from '../../store/commit-protocol.ts';
import { formatCount, formatDuration } from '../../model/text/format.ts';
import { adHocKey, isAdHocKey, laneKeys, planLanes, type PlannedLane } from './plan.ts';
import type { Replay } from '../replay.ts';
import { runStamp } from '../run-id.ts';
import type { RunOptions } from '../run-options.ts';

/** Milliseconds after which an unfinished ad-hoc run counts as abandoned. */
const ABANDONED_AFTER = 86_400_000;

export interface PlanDeps {
  readonly store: Store;
  readonly log: Log;
  readonly clock: () => Instant;
  readonly run: string;
  /** Positions of lanes that the store may not know yet. */
  readonly previousState: PreviousState;
  /** Sends due mails: those of recovered lanes become due only then. */
  readonly deliver: () => Promise<void>;
}

/** Plans the lanes of this run. A regular run first recovers what earlier ones left pending in them. */
export async function planRun(
  groups: readonly Group[],
  to: Instant,
  options: RunOptions,
  deps: PlanDeps,
): Promise<PlannedLane[]> {
  const { store, log, run } = deps;
  const keys = laneKeys({ ...options, groups });
  const regular = options.mode === 'regular';
  const remembers = regular && options.dryRun === undefined;
  const known = remembers ? await recoverPending(keys, deps) : await store.lanes.states(keys);
  const states = await resumeFrom(known, keys, remembers, deps);
  const planned = planLanes({ ...options, groups, to, regular, run, states });
  for (const { key, window, due } of planned) {
    if (!due || window.cutFrom === undefined) continue;
    const span = `${formatInstant(window.cutFrom)} to ${formatInstant(window.from)}`;
    log.warning(`${key}: max_window limits the window: events stored from ${span} are in no report`);
  }
  if (regular) {
    warnOfFuture(planned, deps.clock(), log);
    warnOfLateTimer(planned, to, options, deps);
  }
  return remembers ? claimStarts(planned, store, run) : planned;
}

/** Milliseconds by which the clocks of two reporters may differ. */
const SKEW = 60_000;

/** Warns of lanes that a run with a wrong clock or bound has moved into the future: they are not due until then. */
function warnOfFuture(planned: readonly PlannedLane[], now: Instant, log: Log): void {
  const [first, ...more] = planned.filter(({ state }) => state.to !== undefined && state.to > now + SKEW);
  if (first === undefined) return;
  const lanes = more.length === 0 ? first.key : `${first.key} and ${formatCount(more.length, 'more lane')}`;
  const until = formatInstant(first.state.to!);
  log.warning(
    `${lanes}: processed up to ${until}, which is in the future: not due before, and events stored until then are in no report (was the clock wrong?)`,
  );
}

/** Part of the interval after which a run counts as late. */
const LATE = 1 / 4;

/**
 * Warns when a slot ended long before the run that takes it up: its timer does not meet the slots, as a weekly one on Monday does not.
 * Only the first run of a slot is warned of.
 */
function warnOfLateTimer(
  planned: readonly PlannedLane[],
  to: Instant,
  { interval, settle, timeHigh }: RunOptions,
  { clock, log }: PlanDeps,
): void {
  const late = (clock() - to) / 1000 - settle;
  const continues = planned.some(({ due, state }) => due && state.to !== undefined);
  const firstOfSlot = planned.every(({ state }) => state.to === undefined || state.to < to);
  if (timeHigh !== undefined || late < interval * LATE || !continues || !firstOfSlot) return;
  log.warning(
    `the slot ended at ${formatInstant(to)}, ${formatDuration(Math.floor(late))} ago: set the timer to the end of slots (they count from 1970 in UTC, weekly ones from Thursday), or choose another interval`,
  );
}

/** Recovers what earlier runs left pending in these lanes, and returns their states. */
async function recoverPending(
  keys: readonly string[],
  { store, log, clock, deliver }: PlanDeps,
): Promise<ReadonlyMap<string, LaneState>> {
  const recovery = await recoverLanes(store, keys);
  for (const { lane, run: by } of recovery.published)
    log.info(`${lane}: published what run ${by} had committed`);
  for (const { lane, run: by } of recovery.discarded)
    log.warning(`${lane}: discarded what run ${by} left unfinished`);
  if (recovery.published.length > 0) await deliver();
  await discardAbandoned(store, clock());
  return recovery.states;
}

/** Discards pending rows of ad-hoc runs that began more than a day ago. */
async function discardAbandoned(store: Store, now: Instant): Promise<void> {
  const before = runStamp(now - ABANDONED_AFTER);
  const stale = (await store.lanes.pending()).filter((stamp) => isAdHocKey(stamp.lane) && stamp.run < before);
  await store.lanes.discard(stale);
}

/** Adds the states of lanes that only the state file knows; a run that remembers also writes them to the store. */
async function resumeFrom(
  states: ReadonlyMap<string, LaneState>,
  keys: readonly string[],
  remembers: boolean,
  { store, log, run, previousState: formerly }: PlanDeps,
): Promise<ReadonlyMap<string, LaneState>> {
  const previous = previousPositions(states, keys, formerly);
  if (previous.length === 0) return states;
  const known = remembers ? await claim(previous, store, run) : previous.map(stateAt);
  log.info(
    `${formatCount(known.length, 'lane that the store does not know resumes', 'lanes that the store does not know resume')} where the state file has them`,
  );
  return withStates(states, known);
}

/** Adds the states of lanes that only the state file knows, for readers that write nothing. */
export function withPreviousState(
  states: ReadonlyMap<string, LaneState>,
  keys: readonly string[],
  formerly: PreviousState,
): ReadonlyMap<string, LaneState> {
  return withStates(states, previousPositions(states, keys, formerly).map(stateAt));
}

function withStates(
  states: ReadonlyMap<string, LaneState>,
  more: readonly LaneState[],
): ReadonlyMap<string, LaneState> {
  return new Map([...states, ...more.map((state) => [state.lane, state] as const)]);
}

/** Lanes without a position in the store, with that of the state file. */
function previousPositions(
  states: ReadonlyMap<string, LaneState>,
  keys: readonly string[],
  formerly: PreviousState,
): Position[] {
  if (formerly.size === 0) return [];
  return keys.flatMap((lane) => {
    const state = states.get(lane) ?? freshState(lane);
    const name = state.to === undefined ? stateFileKey(lane) : undefined;
    const to = name === undefined ? undefined : formerly.get(name);
    return to === undefined ? [] : [{ state, to }];
  });
}

interface Position {
  readonly state: LaneState;
  readonly to: Instant;
}

function stateAt({ state, to }: Position): LaneState {
  return { ...state, to };
}

const BEGINS = '-begins';

/** Whether a lane was never committed: its `to` is where its first window begins. */
export function neverCommitted({ run }: Pick<LaneState, 'run'>): boolean {
  return run?.endsWith(BEGINS) ?? true;
}

/**
 * Writes the positions of lanes that were never committed, before they are processed; not under the run's own name, so that none of its rows
 * looks committed.
 * @returns the new states; a lane that another reporter was faster with is missing
 */
async function claim(positions: readonly Position[], store: Store, run: string): Promise<LaneState[]> {
  const name = `${run}${BEGINS}`;
  const commits = positions.map((position) => ({
    ...position,
    run: name,
    hasRows: false,
    hasExpired: false,
  }));
  const done = await commitLanes(store, commits);
  return positions.filter((_, i) => done[i]).map((position) => ({ ...stateAt(position), run: name }));
}

/** Stores where first windows begin, so that a lane that fails in its first run begins there again. */
async function claimStarts(
  planned: readonly PlannedLane[],
  store: Store,
  run: string,
): Promise<PlannedLane[]> {
  const first = planned.filter((lane) => lane.due && lane.state.to === undefined);
  const claimed = await claim(
    first.map(({ state, window }) => ({ state, to: window.from })),
    store,
    run,
  );
  const states = new Map(claimed.map((state) => [state.lane, state]));
  return planned.map((lane) => {
    const state = states.get(lane.key);
    return state === undefined ? lane : { ...lane, state };
  });
}

/** Every group and severity in one window; all of them due. */
export function planReplay(
  groups: readonly Group[],
  { window }: Replay,
  { severities, track }: RunOptions,
  run: string,
): PlannedLane[] {
  return severities.flatMap((severity) =>
    groups.map((group): PlannedLane => {
      const key = adHocKey(run, laneKey(track, severity, group.name));
      return { group, severity, key, state: freshState(key), window, due: true, reason: 'due' };
    }),
  );
}
