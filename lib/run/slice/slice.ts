import type { SliceDeps } from './slice-deps.ts';
import { failureIn } from '../ports.ts';
import { setImmediate } from 'node:timers/promises';
import { JournalThresholds } from '../../thresholds/journal-thresholds.ts';
import { NO_THRESHOLDS, type Thresholds } from '../../thresholds/thresholds.ts';
import { sourceOf } from '../../model/event/event.ts';
import type { Lane, LaneOutcome } from '../../model/lane.ts';
import type { RunTally } from '../../model/tally.ts';
import { messageOf, showValue, UserError } from '../../model/user-error.ts';
import { reportPipeline } from '../../pipeline.ts';
import { Aggregation } from '../../report/content/aggregate.ts';
import { commitWay } from './lane-committer.ts';
import { earlierReports } from './earlier-reports.ts';
import { openSlice, type OpenSlice } from './open-slice.ts';
import type { PlannedLane } from '../plan/plan.ts';
import { recount } from './recount.ts';
import { composeReports } from './compose-reports.ts';

export interface SliceResult {
  readonly outcomes: readonly LaneOutcome[];
  readonly tallies: readonly RunTally[];
  /** Problems that belong to no lane, one line each. */
  readonly problems: readonly string[];
  /** The slice broke on its surroundings: what follows may find them no better. */
  readonly broken: boolean;
}

/**
 * Works the lanes of one slice off one cursor. Lanes are independent of each other: when a slice breaks on a problem of the program rather
 * than of its surroundings, its lanes are worked again one by one, so that one lane's data cannot hold up another's; those that have no turn
 * before an end is wished for have no outcome. Never rejects.
 */
export async function processSlice(slice: OpenSlice, deps: SliceDeps): Promise<SliceResult> {
  const { planned, lanes, tally } = slice;
  const outcomes: LaneOutcome[] = [];
  try {
    await runPipeline(slice, outcomes, deps);
    return { outcomes, tallies: [tally], problems: internalErrors(tally, lanes), broken: false };
  } catch (error) {
    const settled = new Set(outcomes.map((outcome) => outcome.lane));
    const rest = planned.filter((lane) => !settled.has(lane.key));
    await discard(rest, deps);
    if (rest.length > 1 && deps.replay === undefined && !(error instanceof UserError)) {
      deps.log.warning(
        `a slice of ${planned.length} lanes broke and is worked again lane by lane: ${messageOf(error)}`,
      );
      const alone = await processOneByOne(rest, deps);
      return {
        ...alone,
        outcomes: [...outcomes, ...alone.outcomes],
        tallies: [deps.stop.aborted ? tally : await recount(planned, deps)],
      };
    }
    return {
      outcomes: [...outcomes, ...rest.map((lane) => failed(lane, error, deps))],
      tallies: [tally],
      problems: rest.length === 0 ? [messageOf(error)] : [],
      broken: error instanceof UserError,
    };
  }
}

/** Works lanes of a slice one by one. What they read is not counted here: an event of several groups is read for each of them. */
async function processOneByOne(
  lanes: readonly PlannedLane[],
  deps: SliceDeps,
): Promise<Omit<SliceResult, 'tallies'>> {
  const results: SliceResult[] = [];
  for (const lane of lanes) {
    // Signals are heard of between two turns of the event loop only.
    await setImmediate();
    if (deps.stop.aborted) break;
    results.push(await processSlice(openSlice([lane], deps), deps));
  }
  return {
    outcomes: results.flatMap((result) => result.outcomes),
    problems: results.flatMap((result) => result.problems),
    broken: results.some((result) => result.broken),
  };
}

async function runPipeline(slice: OpenSlice, outcomes: LaneOutcome[], deps: SliceDeps): Promise<void> {
  const { lanes, exclusions, tally, source } = slice;
  const { options, store, scratch, log } = deps;
  // A cursor that broke while it was read ahead has told nobody yet.
  if (source.errored !== null) throw source.errored;
  const memory = memoryOf(slice, deps);
  const adHoc = options.mode !== 'regular';
  scratch.clear();
  /** Lanes that were begun and not told of. */
  const begun = new Map<string, Promise<LaneOutcome>>();
  const stream = reportPipeline({
    source,
    lanes,
    routes: deps.routes,
    testData: options.testData,
    ownersOf: deps.ownersOf,
    defaultSeverity: deps.replay === undefined ? undefined : options.defaultSeverity,
    exclusionsOf: (group) => exclusions.get(group),
    memory,
    eventsById: (ids) => store.events.byId(ids),
    aggregationOf: (lane) => new Aggregation(lane.index, scratch),
    scratch,
    tally,
    onGone: (lane, id) =>
      log.warning(`${lane.key}: event ${id} was suppressed and would relapse, but is gone from the store`),
    run: deps.run,
    reportsOf: (lane) =>
      composeReports(lane, {
        ...deps,
        mail: options.mail,
        track: options.track,
        testData: options.testData,
        adHoc,
        earlier: earlierReports(store.reports, lane.key, (eventClass, source) =>
          memory.reportedBy(lane, eventClass, sourceOf(source)),
        ),
        onRefused: ({ name }, text) =>
          log.warning(`group ${name}: ${showValue(text)} is no mail address: nobody there gets its reports`),
      }),
    remembers: !adHoc,
    store: store.lanes,
    commit: commitWay(options, store),
    onBegun: (lane, outcome) => void begun.set(lane.key, outcome),
    onFailure: failureIn(log),
    deliver: deps.deliver,
    onBatch: () => deps.onEvents(tally.read),
  });
  try {
    for await (const outcome of stream) {
      outcomes.push(outcome);
      begun.delete(outcome.lane);
    }
  } finally {
    // What breaks is discarded, and perhaps worked again under the same stamps: nothing of it may come late.
    await memory.settled();
    outcomes.push(...(await Promise.all(begun.values())));
  }
}

type SliceMemory = Thresholds & Pick<JournalThresholds, 'wrote' | 'ended' | 'settled' | 'reportedBy'>;

function memoryOf({ lanes }: OpenSlice, { options, run, store, hash, openOverflow }: SliceDeps): SliceMemory {
  if (options.mode !== 'regular')
    return {
      ...NO_THRESHOLDS,
      wrote: () => false,
      ended: new Set(),
      settled: () => Promise.resolve(),
      reportedBy: () => undefined,
    };
  return new JournalThresholds({
    lanes,
    run,
    journal: store.journal,
    store: store.lanes,
    hash,
    openOverflow,
  });
}

/** Events that left under no reason: each would be a problem of the program. */
function internalErrors(tally: RunTally, lanes: readonly Lane[]): string[] {
  const entered = lanes.reduce((sum, lane) => sum + lane.counters.entered, 0);
  const problems: string[] = [];
  if (tally.eventResidue !== 0)
    problems.push(`${tally.eventResidue} events were read but neither routed nor counted out`);
  if (tally.itemResidue(entered) !== 0)
    problems.push(`${tally.itemResidue(entered)} items were routed but neither placed nor counted out`);
  return problems;
}

/** What cannot be discarded now is pending and therefore unseen; the next run recovers it. */
async function discard(lanes: readonly PlannedLane[], { store, run }: SliceDeps): Promise<void> {
  await store.lanes.discard(lanes.map((lane) => ({ lane: lane.key, run }))).catch(() => undefined);
}

function failed(
  { key, group, severity, window }: PlannedLane,
  error: unknown,
  { log }: SliceDeps,
): LaneOutcome {
  log.exception(`${key} failed`, error);
  const { from, to } = window;
  return { lane: key, group: group.name, severity, from, to, result: 'failed', error: messageOf(error) };
}
