import type { Log } from './ports.ts';
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
import { warnOfFutureEvents } from './plan/future-events.ts';
import { planReplay, planRun } from './plan/plan-run.ts';
import { openReplay, type Replay } from './replay.ts';
import { writeReportIndexes } from './report-indexes.ts';
import type { RunInputs } from './run-context.ts';
import type { RunOptions } from './run-options.ts';
import { createRunResult, type RunResult } from './run-result.ts';
import { inShard } from './plan/shard.ts';
import { idleLanes } from './idle/idle-lanes.ts';
import type { SliceResult } from './slice/slice.ts';

/**
 * One run: sends due mails, recovers what earlier runs left pending, processes every due lane slice by slice, and returns the outcome of each.
 * A lane that fails is named in the result. Rejects only when no lane could be processed.
 */
export async function runReporter(options: RunOptions, inputs: RunInputs): Promise<RunResult> {
  const { clock, log, run } = inputs;
  const groups = selectGroups(options, inputs.groups);
  const mails = new MailDelivery(options, inputs, groups);
  let replay: Replay | undefined;
  try {
    if (options.events !== undefined)
      replay = await openReplay({ ...inputs, ...options, path: options.events, groups });
    if (options.dryRun === undefined) await mails.deliver();
    const to = upperBound(clock(), {
      ...options,
      floored: options.mode === 'regular' || options.adjustThresholds,
    });
    if (replay === undefined && to > clock()) {
      const until = formatInstant(to);
      log.warning(
        `the window ends in the future: events stored from now until ${until} will be in no later window`,
      );
    }
    // The end of a replay may be known from its events only.
    requireWindow(options.timeLow, replay === undefined ? to : options.timeHigh);
    const planned =
      replay === undefined
        ? await planRun(groups, to, options, { ...inputs, deliver: () => mails.deliver() })
        : planReplay(groups, replay, options, run);
    await validateFolders(options.report);
    const { results, end } = await processLanes(planned, { options, groups, mails, replay }, inputs);
    const outcomes = results.flatMap((result) => result.outcomes);
    const lateFailures = await writeReportIndexes(options, outcomes, log);
    if (end === undefined) {
      lateFailures.push(...(await sweepMails(mails, options, log)));
      if (replay === undefined) {
        await logStoreWarnings(inputs);
        await warnOfFutureEvents(groups, options, inputs);
      }
      const unusable = replay?.finish();
      if (unusable !== undefined) lateFailures.push(unusable.message);
    }
    await mails.settled();
    return createRunResult({ planned, results, end, mails, to, run, lateFailures });
  } finally {
    inputs.progress.stop();
    await replay?.dispose();
    await mails.close();
  }
}

/** Logs what the store warns of. Never rejects. */
async function logStoreWarnings({ store, log }: Pick<RunInputs, 'store' | 'log'>): Promise<void> {
  try {
    for (const line of await store.warnings()) log.warning(line);
  } catch (error) {
    log.warning(`the store cannot be examined: ${messageOf(error)}`);
  }
}

/**
 * Reads the folders of an operator's event classes and texts, so that a run without reports fails on them like one with reports.
 * @throws UserError when one cannot be read
 */
async function validateFolders({ eventClasses, localesDir }: ReportOptions): Promise<void> {
  if (eventClasses !== undefined) (await import('../report/render/catalogue.ts')).loadCatalogue(eventClasses);
  if (localesDir === undefined) return;
  const { Locales } = await import('../report/render/locale.ts');
  new Locales(foldersOf(localesDir, 'locales'));
}

interface Processed {
  readonly results: readonly SliceResult[];
  /** Why the rest was not processed; undefined when all of it was. */
  readonly end: unknown;
}

/**
 * Processes the due lanes, idle ones first, which takes a moment. What the others need is loaded only if there are any: for tens of thousands
 * of idle lanes it would take a good part of the time.
 * @throws the error that left no lane processed
 */
async function processLanes(
  planned: readonly PlannedLane[],
  selected: {
    readonly options: RunOptions;
    readonly groups: readonly Group[];
    readonly mails: MailDelivery;
    readonly replay: Replay | undefined;
  },
  inputs: RunInputs,
): Promise<Processed> {
  const { progress, stop, log } = inputs;
  const { options, replay } = selected;
  const results: SliceResult[] = [];
  const due = planned.filter((lane) => lane.due);
  const settled = new Set<string>();
  const onResult = (result: SliceResult) => {
    for (const outcome of result.outcomes) {
      logOutcome(outcome, log);
      settled.add(outcome.lane);
    }
    results.push(result);
    progress.update(settled.size, due.length, 'lanes');
  };
  try {
    if (replay === undefined) {
      const idle = idleLanes(due, { ...inputs, options });
      for await (const outcomes of commitIdle(idle, { ...inputs, options }))
        onResult({ outcomes, tallies: [], problems: [], broken: false });
    }
    const lanes = due.filter((lane) => !settled.has(lane.key));
    // The events of a replay are read and counted even when no lane is due.
    if ((lanes.length > 0 || replay !== undefined) && !stop.aborted) {
      const { processSlices } = await import('./slice/slices.ts');
      await processSlices({ ...selected, lanes, onResult }, inputs);
    }
    return { results, end: stop.aborted ? stop.reason : undefined };
  } catch (error) {
    if (results.length === 0) throw error;
    log.exception('the run was interrupted', error);
    return { results, end: error };
  }
}

/** Logs one line for every lane with events: the log answers why something was not reported. */
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

/** Deletes mails that are past their retention. A failure is returned and does not stop the run. */
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

/** Enabled groups that were requested, by name, with the settings that this run forces. */
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
