import type { Log } from '../ports.ts';
import { stateFileKey, type PreviousState } from './previous-state.ts';
import type { Group } from '../../model/group/group.ts';
import { laneKey, type LaneState } from '../../model/lane.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import type { Store } from '../../store/port.ts';
import { commitLanes, freshState, recoverLanes } from '../../store/commit-protocol.ts';
import { counted } from '../../model/text/figures.ts';
import { adHocKey, isAdHocKey, laneKeys, planLanes, type PlannedLane } from './plan.ts';
import type { Replay } from '../replay.ts';
import { runStamp } from '../run-id.ts';
import type { RunOptions } from '../run-options.ts';

/** Milliseconds after which an unfinished ad-hoc run counts as dead. */
const ABANDONED_AFTER = 86_400_000;

export interface PlanDeps {
  readonly store: Store;
  readonly log: Log;
  readonly clock: () => Instant;
  readonly run: string;
  /** Where lanes stood that the store may not know yet. */
  readonly previousState: PreviousState;
  /** Works off what is due: what earlier runs left pending was not, before it was settled. */
  readonly deliver: () => Promise<void>;
}

/** The lanes of this run. A regular run first settles what earlier ones left pending in them. */
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
  const known = remembers ? await settleLanes(keys, deps) : await store.lanes.states(keys);
  const states = await goOnFrom(known, keys, remembers, deps);
  const planned = planLanes({ ...options, groups, to, regular, run, states });
  for (const { key, window, due } of planned) {
    if (!due || window.cutFrom === undefined) continue;
    const span = `${formatInstant(window.cutFrom)} to ${formatInstant(window.from)}`;
    log.warning(
      `${key}: looks back no further than max_window: what was stored from ${span} is in no report`,
    );
  }
  if (regular) warnOfFuture(planned, deps.clock(), log);
  return remembers ? claimPlaces(planned, store, run) : planned;
}

/** Milliseconds by which the clocks of two reporters may differ. */
const SKEW = 60_000;

/** Lanes that a run with a wrong clock, or a bound far away, has brought into the future are not due for as long, and nobody would wonder. */
function warnOfFuture(planned: readonly PlannedLane[], now: Instant, log: Log): void {
  const [first, ...more] = planned.filter(({ state }) => (state.to ?? 0) > now + SKEW);
  if (first === undefined) return;
  const lanes = more.length === 0 ? first.key : `${first.key} and ${counted(more.length, 'more lane')}`;
  const until = formatInstant(first.state.to!);
  log.warning(
    `${lanes}: worked up to ${until}, which is in the future: not due before, and what is stored until then is in no report (has the clock been wrong?)`,
  );
}

/** Settles what earlier runs left pending in these lanes, and returns their states. */
async function settleLanes(
  keys: readonly string[],
  { store, log, clock, deliver }: PlanDeps,
): Promise<ReadonlyMap<string, LaneState>> {
  const recovery = await recoverLanes(store, keys);
  for (const { lane, run: by } of recovery.published)
    log.info(`${lane}: made what run ${by} had committed visible`);
  for (const { lane, run: by } of recovery.discarded)
    log.warning(`${lane}: discarded what run ${by} had left unfinished`);
  if (recovery.published.length > 0) await deliver();
  await forgetAdHoc(store, clock());
  return recovery.states;
}

/** Deletes what ad-hoc runs that began more than a day ago left unfinished. */
async function forgetAdHoc(store: Store, now: Instant): Promise<void> {
  const before = runStamp(now - ABANDONED_AFTER);
  const stale = (await store.lanes.pending()).filter((stamp) => isAdHocKey(stamp.lane) && stamp.run < before);
  await store.lanes.discard(stale);
}

/** States with those of lanes that only the state file knows; a run that remembers writes these into the store, once and for all. */
async function goOnFrom(
  states: ReadonlyMap<string, LaneState>,
  keys: readonly string[],
  remembers: boolean,
  { store, log, run, previousState: formerly }: PlanDeps,
): Promise<ReadonlyMap<string, LaneState>> {
  const former = formerStates(states, keys, formerly);
  if (former.length === 0) return states;
  const known = remembers ? await claim(former, store, run) : former.map(stateAt);
  log.info(`${known.length} lanes that the store does not know go on from where the state file has them`);
  return withStates(states, known);
}

/** States with those of lanes that only the state file knows, which stay where they are: for whoever merely looks. */
export function withPreviousState(
  states: ReadonlyMap<string, LaneState>,
  keys: readonly string[],
  formerly: PreviousState,
): ReadonlyMap<string, LaneState> {
  return withStates(states, formerStates(states, keys, formerly).map(stateAt));
}

function withStates(
  states: ReadonlyMap<string, LaneState>,
  more: readonly LaneState[],
): ReadonlyMap<string, LaneState> {
  return new Map([...states, ...more.map((state) => [state.lane, state] as const)]);
}

/** Lanes that have no place of their own yet, with the place that the state file has for them. */
function formerStates(
  states: ReadonlyMap<string, LaneState>,
  keys: readonly string[],
  formerly: PreviousState,
): Place[] {
  if (formerly.size === 0) return [];
  return keys.flatMap((lane) => {
    const state = states.get(lane) ?? freshState(lane);
    const name = state.to === undefined ? stateFileKey(lane) : undefined;
    const to = name === undefined ? undefined : formerly.get(name);
    return to === undefined ? [] : [{ state, to }];
  });
}

interface Place {
  readonly state: LaneState;
  readonly to: Instant;
}

function stateAt({ state, to }: Place): LaneState {
  return { ...state, to };
}

const BEGINS = '-begins';

/** Whether a lane has never been worked: its place is where its first window begins. */
export function neverCommitted({ run }: Pick<LaneState, 'run'>): boolean {
  return run?.endsWith(BEGINS) ?? true;
}

/**
 * Notes places of lanes that have never succeeded, before they are worked. Not under the run's own name: nothing of its rows must look
 * committed.
 * @returns the states that hold now; a lane that another reporter was faster with is missing
 */
async function claim(places: readonly Place[], store: Store, run: string): Promise<LaneState[]> {
  const name = `${run}${BEGINS}`;
  const commits = places.map((place) => ({ ...place, run: name, hasRows: false, hasExpired: false }));
  const done = await commitLanes(store, commits);
  return places.filter((_, i) => done[i]).map((place) => ({ ...stateAt(place), run: name }));
}

/** Where lanes begin that have never succeeded: one that fails, or a process that dies, at the first run begins there again. */
async function claimPlaces(
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
