import type { Log } from './ports.ts';
import { exclusionsOf } from '../filter/exclusions.ts';
import type { Group } from '../model/group/group.ts';
import type { LaneOutcome } from '../model/lane.ts';
import { nearestHint } from '../model/text/nearest.ts';
import { byCodePoint } from '../model/event/object-view.ts';
import { formatInstant } from '../model/time.ts';
import { messageOf, UserError } from '../model/user-error.ts';
import type { ReportOptions } from '../report/options.ts';
import { foldersOf } from '../report/render/shipped.ts';
import { commitIdle } from './idle/commit-idle.ts';
import { applyForced } from './plan/forced-settings.ts';
import { MailDelivery } from './mail-delivery.ts';
import { requireWindow, upperBound, type PlannedLane } from './plan/plan.ts';
import { planReplay, planRun } from './plan/plan-run.ts';
import { openReplay, type Replay } from './replay.ts';
import { writeReportIndexes } from './report-indexes.ts';
import type { LaneContext, RunInputs } from './run-context.ts';
import type { RunOptions } from './run-options.ts';
import { createRunResult, type RunResult } from './run-result.ts';
import { inShard } from './plan/shard.ts';
import { idleLanes } from './idle/idle-lanes.ts';
import type { SliceResult } from './slice/slice.ts';

/**
 * One run: sends what is due, settles what earlier runs left, works every due lane slice by slice, and says what became of everything. A
 * lane that fails is named in the result; rejects only when nothing could be worked at all.
 */
export async function runReporter(options: RunOptions, deps: RunInputs): Promise<RunResult> {
  const { clock, log } = deps;
  const groups = selectGroups(options, deps.groups);
  const mails = new MailDelivery(options, deps, groups);
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
    requireWindow(options.timeLow, replay === undefined ? to : options.timeHigh);
    const planned =
      replay === undefined
        ? await planRun(groups, to, options, { ...deps, deliver: () => mails.deliver() })
        : planReplay(groups, replay, options, deps.run);
    await requireTexts(options.report);
    const worked = await processLanes(planned, { options, groups, mails, replay }, deps);
    const outcomes = worked.results.flatMap((result) => result.outcomes);
    const late = await writeReportIndexes(options, outcomes, log);
    if (worked.end === undefined) late.push(...(await sweepMails(mails, options, log)));
    await mails.settled();
    return createRunResult({ planned, ...worked, mails, to, run: deps.run, late });
  } finally {
    deps.progress.stop();
    await replay?.dispose();
    await mails.close();
  }
}

/**
 * The folders of an operator's own event classes and texts can be read: a run that has nothing to tell says so, too, and not only the first
 * that has.
 * @throws UserError when one cannot
 */
async function requireTexts({ eventClasses, localesDir }: ReportOptions): Promise<void> {
  if (eventClasses !== undefined) (await import('../report/render/catalogue.ts')).loadCatalogue(eventClasses);
  if (localesDir === undefined) return;
  const { Locales } = await import('../report/render/locale.ts');
  new Locales(foldersOf(localesDir, 'locales'));
}

interface Processed {
  readonly results: readonly SliceResult[];
  /** Why the rest was not worked; undefined when all of it was. */
  readonly end: unknown;
}

/**
 * Works the due lanes, those with nothing to say first: it takes a moment, and whatever comes after it takes nothing away from them. What
 * the others need is loaded only if there are any: where tens of thousands have nothing to say it would be a good part of the time.
 * @throws what leaves nothing to work with
 */
async function processLanes(
  planned: readonly PlannedLane[],
  context: LaneContext,
  deps: RunInputs,
): Promise<Processed> {
  const { progress, stop, log } = deps;
  const results: SliceResult[] = [];
  const due = planned.filter((lane) => lane.due);
  let told = 0;
  const keep = (result: SliceResult) => {
    for (const outcome of result.outcomes) logOutcome(outcome, log);
    told += result.outcomes.length;
    results.push(result);
    progress.update(told, due.length, 'lanes');
  };
  try {
    if (context.replay === undefined) {
      const silentDeps = { ...deps, options: context.options, exclusionsOf };
      for await (const outcomes of commitIdle(idleLanes(due, silentDeps), silentDeps))
        keep(silence(outcomes));
    }
    const others = remainingLanes(due, results);
    // The events of a replay are read even when there is nobody to tell of them: they are counted.
    if ((others.length > 0 || context.replay !== undefined) && !stop.aborted) {
      const { processSlices: workSlices } = await import('./slice/slices.ts');
      await workSlices(others, context, deps, keep);
    }
    return { results, end: stop.aborted ? stop.reason : undefined };
  } catch (error) {
    if (results.length === 0) throw error;
    log.exception('the run broke off', error);
    return { results, end: error };
  }
}

/** Lanes that nothing has become of yet. */
function remainingLanes(
  lanes: readonly PlannedLane[],
  results: readonly SliceResult[],
): readonly PlannedLane[] {
  const told = new Set(results.flatMap(({ outcomes }) => outcomes.map(({ lane }) => lane)));
  return lanes.filter((lane) => !told.has(lane.key));
}

/** A line of the log for every lane that something happened in: it is what answers "why was this not reported?" afterwards. */
function logOutcome(outcome: LaneOutcome, log: Log): void {
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
  const counts = `${evcount_new} new, ${evcount_inv} invalid, ${evcount_net} outside, ${evcount_flt_blk} filtered, ${evcount_thr_blk} suppressed, ${evcount_rlp} relapsed`;
  log.info(
    `${outcome.lane}, ${window}: ${counts}; ${evcount_rep} reported${outcome.summaryId === undefined ? '' : ` in ${outcome.summaryId}`}`,
  );
}

/** Lanes for which nothing was read. */
function silence(outcomes: readonly LaneOutcome[]): SliceResult {
  return { outcomes, tallies: [], problems: [], broken: false };
}

/** Deletes mails that are kept no longer; what comes in the way of that is told, and takes nothing away from the run. */
async function sweepMails(mails: MailDelivery, options: RunOptions, log: Log): Promise<string[]> {
  if (options.events !== undefined || options.dryRun !== undefined) return [];
  try {
    await mails.sweep();
    return [];
  } catch (error) {
    log.exception('old mails cannot be deleted', error);
    return [`old mails cannot be deleted: ${messageOf(error)}`];
  }
}

/** Enabled groups that were asked for, by name, with what this run forces upon them. */
export function selectGroups({ abuseGroups, shard, forced }: RunOptions, all: readonly Group[]): Group[] {
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
    .map((group) => applyForced(group, forced));
}
