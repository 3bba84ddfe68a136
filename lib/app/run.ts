import { routeTo } from '../../stages/group-router.ts';
import { exclusionsOf } from '../filter/exclusions.ts';
import { KeyHash } from '../memory/key-hash.ts';
import type { KeyOverflow } from '../memory/key-table.ts';
import type { EventView } from '../model/event.ts';
import type { Group } from '../model/group.ts';
import { laneKey, type LaneOutcome, type LaneState } from '../model/lane.ts';
import { nearestHint } from '../model/nearest.ts';
import { NetworkIndex } from '../model/network-index.ts';
import { byCodePoint } from '../model/object-view.ts';
import { RunTally } from '../model/tally.ts';
import { formatInstant, type Instant } from '../model/time.ts';
import { UserError } from '../model/user-error.ts';
import { createReports } from '../report/reports.ts';
import type { Scratch } from '../scratch/port.ts';
import type { Store } from '../store/port.ts';
import { commitLanes, freshState, recoverLanes } from '../store/protocol.ts';
import { withForced } from './forced-settings.ts';
import type { Log } from './log.ts';
import { MailDesk } from './mail-desk.ts';
import { adHocKey, isAdHoc, laneKeys, planLanes, slicesOf, upperBound, type PlannedLane } from './plan.ts';
import { openSlice, type OpenSlice } from './open-slice.ts';
import type { Progress } from './progress.ts';
import { openReplay, type OpenInput, type Replay } from './replay.ts';
import { runStamp } from './run-id.ts';
import type { RunOptions } from './run-options.ts';
import { inShard } from './shard.ts';
import { workSlice, type SliceDeps, type SliceResult } from './slice.ts';

/** Milliseconds after which an unfinished ad-hoc run counts as dead. */
const ABANDONED_AFTER = 86_400_000;

/** What a run needs that is no option: places, clock and chance. */
export interface RunDeps {
  readonly store: Store;
  /** Every group there is, as read from the store or from files. */
  readonly groups: readonly Group[];
  readonly log: Log;
  readonly clock: () => Instant;
  readonly random: () => number;
  /** Names the run in the store: unique, and beginning with its start as `YYYYMMDDThhmmssZ`. */
  readonly run: string;
  readonly openScratch: () => Scratch;
  readonly openOverflow: () => KeyOverflow;
  /** Folder for what a replay has to put aside. */
  readonly scratchDir: string;
  readonly openInput: OpenInput;
  readonly progress: Progress;
}

export interface RunResult {
  readonly run: string;
  readonly to: Instant;
  /** In the order lanes are worked. */
  readonly outcomes: readonly LaneOutcome[];
  /** What was read, and what became of it before it reached a lane. */
  readonly events: Readonly<Record<string, number>>;
  /** Mails that were tried, per state they are in now. */
  readonly mails: Readonly<Record<string, number>>;
  /** Where mails went, for people. */
  readonly mailPlace: string;
  /** What failed, one line each. */
  readonly failures: readonly string[];
  /** False: exit code 1. */
  readonly ok: boolean;
}

/**
 * One run: sends what is due, settles what earlier runs left, works every due lane slice by slice, and says what became of everything. A
 * lane that fails is named in the result; rejects only when nothing could be worked at all.
 */
export async function runReporter(options: RunOptions, deps: RunDeps): Promise<RunResult> {
  const { store, clock, log } = deps;
  const groups = chosenGroups(options, deps.groups);
  const mails = new MailDesk(options, deps, groups);
  const scratch = deps.openScratch();
  const replay =
    options.events === undefined
      ? undefined
      : await openReplay({ ...deps, ...options, path: options.events, groups });
  let next: OpenSlice | undefined;
  try {
    if (options.dryRun === undefined) await mails.deliver();
    const to = upperBound(clock(), {
      ...options,
      floored: options.mode === 'regular' || options.adjustThresholds,
    });
    if (to > clock()) {
      const until = formatInstant(to);
      log.warning(`the window ends in the future: what is stored from now until ${until} is never looked at`);
    }
    if (replay === undefined && options.timeLow !== undefined && options.timeLow >= to) {
      const [what, got] = ['the lower bound is not before the upper one', formatInstant(options.timeLow)];
      throw new UserError(
        { what, where: '--time-low', got, expected: `before ${formatInstant(to)}` },
        { usage: true },
      );
    }
    const planned =
      replay === undefined
        ? await plan(groups, to, options, deps)
        : planReplay(groups, replay, options, deps);
    const slices = replay === undefined ? slicesOf(planned) : [planned];
    const secret = await store.secret();
    const sliceDeps: SliceDeps = {
      options,
      run: deps.run,
      store,
      log,
      clock,
      hash: new KeyHash(secret),
      openOverflow: deps.openOverflow,
      scratch,
      reports: createReports(options.report, { secret, taken: (label) => store.reports.taken(label) }),
      routes: new Map(groups.map((group) => [group.name, routeTo(group)])),
      exclusionsOf,
      ownersOf: ownersIn(deps.groups),
      replay,
      way: mails.way,
      deliver: () => mails.deliver(deps.run),
      // A replay is one slice: only its events tell how far it has come.
      onEvents: (read) => {
        if (replay !== undefined) deps.progress.update(read, undefined, 'events read');
      },
    };
    const results: SliceResult[] = [];
    const opened = (index: number) =>
      index < slices.length ? openSlice(slices[index]!, sliceDeps) : undefined;
    next = opened(0);
    for (let slice = next, i = 1; slice !== undefined; slice = next, i++) {
      next = opened(i);
      const result = await workSlice(slice, sliceDeps);
      for (const outcome of result.outcomes) tellOutcome(outcome, log);
      results.push(result);
      showProgress(deps.progress, results, slices);
    }
    if (replay === undefined && options.dryRun === undefined) await mails.sweep();
    return resultOf(planned, results, mails, to, deps.run);
  } finally {
    next?.source.destroy();
    deps.progress.stop();
    scratch.close();
    await replay?.dispose();
    await mails.close();
  }
}

/** A line of the log for every lane that something happened in: it is what answers "why was this not reported?" afterwards. */
function tellOutcome(outcome: LaneOutcome, log: Log): void {
  const {
    evcount_new = 0,
    evcount_inv,
    evcount_net,
    evcount_flt_blk,
    evcount_thr_blk,
    evcount_rlp = 0,
    evcount_rep,
  } = outcome;
  if (evcount_new + evcount_rlp === 0) return;
  const window = `${formatInstant(outcome.from)} to ${formatInstant(outcome.to)}`;
  const counts = `${evcount_new} new, ${evcount_inv} invalid, ${evcount_net} outside, ${evcount_flt_blk} filtered, ${evcount_thr_blk} kept quiet, ${evcount_rlp} relapsed`;
  log.info(
    `${outcome.lane}, ${window}: ${counts}; ${evcount_rep} reported${outcome.summaryId === undefined ? '' : ` in ${outcome.summaryId}`}`,
  );
}

/** Enabled groups that were asked for, by name, with what this run forces upon them. */
export function chosenGroups({ abuseGroups, shard, forced }: RunOptions, all: readonly Group[]): Group[] {
  for (const name of abuseGroups ?? []) {
    if (all.some((group) => group.name === name)) continue;
    const known = all.map((group) => group.name);
    throw new UserError(
      { what: 'no such group', where: '--abuse-group', got: name, hint: nearestHint(name, known) },
      { usage: true },
    );
  }
  return all
    .filter((group) => group.enabled && (abuseGroups?.includes(group.name) ?? true))
    .filter((group) => shard === undefined || inShard(group.name, shard))
    .sort((a, b) => byCodePoint(a.name, b.name))
    .map((group) => withForced(group, forced));
}

/** The lanes of this run. A regular run first settles what earlier ones left pending in them. */
async function plan(
  groups: readonly Group[],
  to: Instant,
  options: RunOptions,
  deps: RunDeps,
): Promise<PlannedLane[]> {
  const { store, log, run } = deps;
  const keys = laneKeys({ ...options, groups });
  const regular = options.mode === 'regular';
  let states: ReadonlyMap<string, LaneState>;
  if (regular && options.dryRun === undefined) {
    const recovery = await recoverLanes(store, keys);
    for (const { lane, run: by } of recovery.published)
      log.info(`${lane}: made what run ${by} had committed visible`);
    for (const { lane, run: by } of recovery.discarded)
      log.warning(`${lane}: discarded what run ${by} had left unfinished`);
    states = recovery.states;
    await forgetAdHoc(store, deps.clock());
  } else states = await store.lanes.states(keys);
  const planned = planLanes({ ...options, groups, to, regular, run, states });
  for (const { key, window, due } of planned) {
    if (!due || window.cutFrom === undefined) continue;
    const span = `${formatInstant(window.cutFrom)} to ${formatInstant(window.from)}`;
    log.warning(
      `${key}: looks back no further than max_window: what was stored from ${span} is in no report`,
    );
  }
  return regular && options.dryRun === undefined ? claimPlaces(planned, store, run) : planned;
}

/**
 * Notes for lanes that have never succeeded where their windows begin, before they are worked: a lane that fails, or a process that dies, at
 * the first run begins there again. Not under the run's own name: nothing of its rows must look committed.
 */
async function claimPlaces(
  planned: readonly PlannedLane[],
  store: Store,
  run: string,
): Promise<PlannedLane[]> {
  const first = planned.filter((lane) => lane.due && lane.state.to === undefined);
  const claim = `${run}-begins`;
  const commits = first.map(({ state, window }) => ({
    state,
    to: window.from,
    run: claim,
    wrote: false,
    ended: false,
  }));
  const done = await commitLanes(store, commits);
  const claimed = new Set(first.filter((_, i) => done[i]));
  return planned.map((lane) =>
    claimed.has(lane) ? { ...lane, state: { ...lane.state, to: lane.window.from, run: claim } } : lane,
  );
}

/** Deletes what ad-hoc runs that began more than a day ago left unfinished. */
async function forgetAdHoc(store: Store, now: Instant): Promise<void> {
  const before = runStamp(now - ABANDONED_AFTER);
  const stale = (await store.lanes.pending()).filter((stamp) => isAdHoc(stamp.lane) && stamp.run < before);
  await store.lanes.discard(stale);
}

/** Every group and severity in one window; all of them due. */
function planReplay(
  groups: readonly Group[],
  { window }: Replay,
  { severities, track }: RunOptions,
  { run }: RunDeps,
): PlannedLane[] {
  return severities.flatMap((severity) =>
    groups.map((group): PlannedLane => {
      const key = adHocKey(run, laneKey(track, severity, group.name));
      return { group, severity, key, state: freshState(key), window, due: true, reason: 'due' };
    }),
  );
}

/** The groups that own an event's sources: those of the smallest network that holds each. */
function ownersIn(groups: readonly Group[]): (event: EventView) => readonly string[] {
  const index = new NetworkIndex(groups);
  return (event) =>
    index.ownersOfAny(event.sources.map((source) => source.range).filter((range) => range !== undefined));
}

function showProgress(
  progress: Progress,
  results: readonly SliceResult[],
  slices: readonly (readonly PlannedLane[])[],
): void {
  const sum = (numbers: number[]) => numbers.reduce((total, n) => total + n, 0);
  const done = sum(results.map((result) => result.outcomes.length));
  progress.update(done, sum(slices.map((slice) => slice.length)), 'lanes');
}

function resultOf(
  planned: readonly PlannedLane[],
  results: readonly SliceResult[],
  mails: MailDesk,
  to: Instant,
  run: string,
): RunResult {
  const worked = new Map(
    results.flatMap((result) => result.outcomes).map((outcome) => [outcome.lane, outcome]),
  );
  const outcomes = planned.map((lane) => worked.get(lane.key) ?? skipped(lane));
  const failures = [
    ...results.flatMap((result) => result.faults),
    ...outcomes
      .filter((outcome) => outcome.result === 'failed')
      .map(({ lane, error }) => `${lane}: ${error ?? 'failed'}`),
    ...new Set(outcomes.flatMap((outcome) => outcome.faults ?? [])),
    ...mails.failures,
  ];
  const ok = failures.length === 0 && mails.totals['failed'] === 0 && !mails.unauthorized;
  const events = RunTally.sum(results.flatMap((result) => result.tallies));
  return { run, to, outcomes, events, mails: mails.totals, mailPlace: mails.place, failures, ok };
}

function skipped({ key, group, severity, window }: PlannedLane): LaneOutcome {
  return {
    lane: key,
    group: group.name,
    severity,
    from: window.from,
    to: window.to,
    result: 'skipped-too-soon',
  };
}
