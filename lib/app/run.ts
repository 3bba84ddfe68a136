import { setImmediate } from 'node:timers/promises';
import { routeTo } from '../../stages/group-router.ts';
import { exclusionsOf } from '../filter/exclusions.ts';
import { KeyHash } from '../memory/key-hash.ts';
import type { KeyOverflow } from '../memory/key-table.ts';
import type { EventView } from '../model/event.ts';
import type { Group } from '../model/group.ts';
import type { LaneOutcome } from '../model/lane.ts';
import { nearestHint } from '../model/nearest.ts';
import { NetworkIndex } from '../model/network-index.ts';
import { byCodePoint } from '../model/object-view.ts';
import { formatInstant, type Instant } from '../model/time.ts';
import { messageOf, UserError } from '../model/user-error.ts';
import { createReports } from '../report/reports.ts';
import type { Scratch } from '../scratch/port.ts';
import type { Store } from '../store/port.ts';
import { commitSilent } from './commit-silent.ts';
import { withForced } from './forced-settings.ts';
import type { Log } from './log.ts';
import { MailDesk } from './mail-desk.ts';
import type { FormerState } from './persistent-state.ts';
import { demandWindow, slicesOf, upperBound, type PlannedLane } from './plan.ts';
import { planReplay, planRun } from './plan-run.ts';
import { openSlice, type OpenSlice } from './open-slice.ts';
import type { Progress } from './progress.ts';
import { openReplay, type OpenInput, type Replay } from './replay.ts';
import { writeReportIndexes } from './report-indexes.ts';
import type { RunOptions } from './run-options.ts';
import { resultOf, type RunResult } from './run-result.ts';
import { inShard } from './shard.ts';
import { silentLanes } from './silent-lanes.ts';
import { workSlice, type SliceDeps, type SliceResult } from './slice.ts';

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
  /** Once aborted, the run ends after the slice at hand. */
  readonly stop: AbortSignal;
  /** Where lanes stood that the store may not know yet. */
  readonly formerly: FormerState;
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
  let replay: Replay | undefined;
  try {
    if (options.events !== undefined)
      replay = await openReplay({ ...deps, ...options, path: options.events, groups });
    if (options.dryRun === undefined) await mails.deliver();
    const to = upperBound(clock(), {
      ...options,
      floored: options.mode === 'regular' || options.adjustThresholds,
    });
    if (replay === undefined && to > clock()) {
      const until = formatInstant(to);
      log.warning(`the window ends in the future: what is stored from now until ${until} is never looked at`);
    }
    // Where a replay ends by itself is known from its events only.
    demandWindow(options.timeLow, replay === undefined ? to : options.timeHigh);
    const planned =
      replay === undefined
        ? await planRun(groups, to, options, { ...deps, deliver: () => mails.deliver() })
        : planReplay(groups, replay, options, deps.run);
    const silent = replay === undefined ? await silentLanes(planned, { ...deps, options }) : NO_LANES;
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
      stop: deps.stop,
      // A replay is one slice: only its events tell how far it has come.
      onEvents: (read) => {
        if (replay !== undefined) deps.progress.update(read, undefined, 'events read');
      },
    };
    const worked = await workLanes(planned, silent, sliceDeps, deps);
    const outcomes = worked.results.flatMap((result) => result.outcomes);
    const late = await writeReportIndexes(options, outcomes, log);
    if (worked.end === undefined) late.push(...(await sweepMails(mails, options, log)));
    await mails.settled();
    return resultOf({ planned, ...worked, mails, to, run: deps.run, late });
  } finally {
    deps.progress.stop();
    scratch.close();
    await replay?.dispose();
    await mails.close();
  }
}

const NO_LANES: ReadonlySet<PlannedLane> = new Set();

interface Worked {
  readonly results: readonly SliceResult[];
  /** Why the rest was not worked; undefined when all of it was. */
  readonly end: unknown;
}

/**
 * Works the due lanes, those with nothing to say first: it takes a moment, and whatever comes after it takes nothing away from them. The
 * others one slice after the other, until all are worked, an end is wished for, or there is nothing left to work with. Never rejects.
 */
async function workLanes(
  planned: readonly PlannedLane[],
  silent: ReadonlySet<PlannedLane>,
  sliceDeps: SliceDeps,
  { progress, stop, log }: RunDeps,
): Promise<Worked> {
  const others = planned.filter((lane) => !silent.has(lane));
  // A replay is one slice.
  const slices = sliceDeps.replay === undefined ? slicesOf(others) : [others];
  const results: SliceResult[] = [];
  const opened = (index: number) => {
    const slice = slices[index];
    return slice === undefined ? undefined : openSlice(slice, sliceDeps);
  };
  const due = slices.reduce((sum, lanes) => sum + lanes.length, silent.size);
  let done = 0;
  const keep = (result: SliceResult) => {
    for (const outcome of result.outcomes) tellOutcome(outcome, log);
    results.push(result);
    done += result.outcomes.length;
    progress.update(done, due, 'lanes');
  };
  let next: OpenSlice | undefined;
  try {
    // Signals are heard of between two turns of the event loop only.
    await setImmediate();
    next = stop.aborted ? undefined : opened(0);
    for await (const outcomes of commitSilent([...silent], sliceDeps)) keep(silence(outcomes));
    for (let slice = next, i = 1; slice !== undefined && !stop.aborted; slice = next, i++) {
      next = opened(i);
      const result = unlessStopped(await workSlice(slice, sliceDeps), sliceDeps, stop);
      keep(result);
      if (result.broken) await demandStore(sliceDeps, slice);
      await setImmediate();
    }
    return { results, end: stop.aborted ? stop.reason : undefined };
  } catch (error) {
    log.fault('the run broke off', error);
    return { results, end: error };
  } finally {
    next?.source.destroy();
  }
}

/** Lanes for which nothing was read. */
function silence(outcomes: readonly LaneOutcome[]): SliceResult {
  return { outcomes, tallies: [], faults: [], broken: false };
}

/** A replay is one slice, however long: its end is wished for by ending its input, on which its lanes fail. They merely had no turn. */
function unlessStopped(result: SliceResult, { replay }: SliceDeps, stop: AbortSignal): SliceResult {
  if (replay === undefined || !stop.aborted) return result;
  return { ...result, outcomes: result.outcomes.filter((outcome) => outcome.result !== 'failed') };
}

/** Makes sure after a broken slice that the store is still there: without it every slice that follows would break, too, one timeout each. */
async function demandStore({ store }: SliceDeps, { planned }: OpenSlice): Promise<void> {
  await store.lanes.states(planned.slice(0, 1).map((lane) => lane.key));
}

/** Deletes mails that are kept no longer; what comes in the way of that is told, and takes nothing away from the run. */
async function sweepMails(mails: MailDesk, options: RunOptions, log: Log): Promise<string[]> {
  if (options.events !== undefined || options.dryRun !== undefined) return [];
  try {
    await mails.sweep();
    return [];
  } catch (error) {
    log.fault('old mails cannot be deleted', error);
    return [`old mails cannot be deleted: ${messageOf(error)}`];
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

/**
 * The groups that own an event's sources: those of the smallest network that holds each. The index of all networks is made for the first
 * event that names no groups, as those of a store all do.
 */
export function ownersIn(groups: readonly Group[]): (event: EventView) => readonly string[] {
  let index: NetworkIndex | undefined;
  return (event) => {
    index ??= new NetworkIndex(groups);
    return index.ownersOfAny(
      event.sources.map((source) => source.range).filter((range) => range !== undefined),
    );
  };
}
