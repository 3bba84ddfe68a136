import type { Group } from '../../model/group/group.ts';
import { laneKey, type Lane, type LaneState, type Track, type Window } from '../../model/lane.ts';
import { LaneCounters } from '../../model/lane-counters.ts';
import type { Severity } from '../../model/severity.ts';
import { floorTo, formatInstant, type Instant } from '../../model/time.ts';
import { UserError } from '../../model/user-error.ts';
import { freshState } from '../../store/commit-protocol.ts';

/** What identifies a lane and its window. */
export type LanePlan = Pick<Lane, 'group' | 'severity' | 'key' | 'state' | 'window'>;

/** A lane as the run finds it, and whether it is due. */
export interface PlannedLane extends LanePlan {
  readonly due: boolean;
  /** `due`, or why not. */
  readonly reason: 'due' | 'too-soon' | 'nothing-since';
}

export interface PlanRequest {
  /** Enabled and selected ones, by name. */
  readonly groups: readonly Group[];
  /** In the order they are processed. */
  readonly severities: readonly Severity[];
  readonly track: Track;
  readonly to: Instant;
  readonly timeLow: Instant | undefined;
  /** Seconds. */
  readonly maxWindow: number;
  /** Regular runs honour periods and commit the lanes themselves; ad-hoc runs use keys of their own. */
  readonly regular: boolean;
  readonly run: string;
  /** States of the regular lanes, which ad-hoc runs read, too. */
  readonly states: ReadonlyMap<string, LaneState>;
}

/** The window of a lane that would begin at `wanted`. */
type WindowFrom = (wanted: Instant) => Window;

/**
 * The upper bound of all windows: the given instant, else the clock set back by `settle` seconds; whole seconds; floored to the interval
 * (seconds, counted from the epoch, UTC) when asked to.
 */
export function upperBound(
  now: Instant,
  o: { timeHigh: Instant | undefined; settle: number; interval: number; floored: boolean },
): Instant {
  const instant = o.timeHigh ?? now - o.settle * 1000;
  return floorTo(instant, o.floored ? o.interval : 1);
}

/**
 * Throws a UserError of usage when the requested lower bound leaves no window.
 * @param to undefined: not known yet
 * @param because what `to` follows from, where it was not given
 */
export function requireWindow(timeLow: Instant | undefined, to: Instant | undefined, because = ''): void {
  if (timeLow === undefined || to === undefined || timeLow < to) return;
  const [what, got] = ['the lower bound is not before the upper one', formatInstant(timeLow)];
  throw new UserError(
    { what, where: '--time-low', got, expected: `before ${formatInstant(to)}${because}` },
    { usage: true },
  );
}

/** Keys of the lanes whose states a plan needs. */
export function laneKeys(request: Pick<PlanRequest, 'groups' | 'severities' | 'track'>): string[] {
  const { groups, severities, track } = request;
  return severities.flatMap((severity) => groups.map((group) => laneKey(track, severity, group.name)));
}

/** Every lane of the groups, in the order lanes are processed: severities as given, groups by name. */
export function planLanes(request: PlanRequest): PlannedLane[] {
  const windowFrom = sharedWindows(request);
  return request.severities.flatMap((severity) =>
    request.groups.map((group) => planLane(group, severity, windowFrom, request)),
  );
}

/** Lanes that begin at one instant share one window object, to save memory. */
function sharedWindows({ to, maxWindow }: PlanRequest): WindowFrom {
  const windows = new Map<Instant, Window>();
  return (wanted) => {
    let window = windows.get(wanted);
    if (window === undefined) {
      const from = Math.max(wanted, to - maxWindow * 1000);
      window = from > wanted ? { from, to, cutFrom: wanted } : { from, to };
      windows.set(wanted, window);
    }
    return window;
  };
}

function planLane(
  group: Group,
  severity: Severity,
  windowFrom: WindowFrom,
  request: PlanRequest,
): PlannedLane {
  const { to, timeLow, regular, track, run, states } = request;
  const remembered = laneKey(track, severity, group.name);
  const last = states.get(remembered);
  const period = group.settings.timings[severity].period * 1000;
  const window = windowFrom(last?.to ?? timeLow ?? to - period);
  const tooSoon = regular && last?.to !== undefined && last.to + period > to;
  const reason = tooSoon ? 'too-soon' : window.from >= to ? 'nothing-since' : 'due';
  // The state's own string, to hold it in memory once.
  const key = regular ? (last?.lane ?? remembered) : adHocKey(run, remembered);
  const state = regular && last !== undefined ? last : freshState(key);
  return { group, severity, key, state, window, due: reason === 'due', reason };
}

const AD_HOC = 'adhoc/';

/** The key of an ad-hoc run's lane, so that no later run reads what it writes. */
export function adHocKey(run: string, lane: string): string {
  // join() makes a flat string; concatenation would keep the pieces of each of 40,000 in memory.
  return [AD_HOC + run, lane].join('/');
}

/** Whether a lane's key belongs to an ad-hoc run. */
export function isAdHocKey(lane: string): boolean {
  return lane.startsWith(AD_HOC);
}

/** Lanes that one cursor serves. */
export const SLICE_LANES = 200;

/**
 * Cuts the due lanes into slices of up to so many that share severity and window, in the order of their first lane. More groups than 200
 * in one query would make a server sort in memory.
 */
export function cutSlices(lanes: readonly PlannedLane[], maxLanes = SLICE_LANES): PlannedLane[][] {
  const open = new Map<string, PlannedLane[]>();
  const slices: PlannedLane[][] = [];
  for (const lane of lanes) {
    if (!lane.due) continue;
    const bucket = `${lane.severity}/${lane.window.from}`;
    let slice = open.get(bucket);
    if (slice === undefined || slice.length >= maxLanes) {
      slice = [];
      open.set(bucket, slice);
      slices.push(slice);
    }
    slice.push(lane);
  }
  return slices;
}

/** Shared by all lanes without problems. */
const NO_PROBLEMS: readonly string[] = [];

/**
 * Creates the lanes of a slice.
 * @param counters shared by all, where nothing will be counted; by default each lane has its own
 */
export function createLanes(
  planned: readonly LanePlan[],
  problemsOf: (lane: LanePlan) => readonly string[] | undefined,
  counters?: LaneCounters,
): Lane[] {
  return planned.map((lane, index) => {
    const { key, group, severity, window, state } = lane;
    return {
      key,
      index,
      group,
      severity,
      window,
      timing: group.settings.timings[severity],
      state,
      counters: counters ?? new LaneCounters(),
      filtering: undefined,
      problems: problemsOf(lane) ?? NO_PROBLEMS,
    };
  });
}
