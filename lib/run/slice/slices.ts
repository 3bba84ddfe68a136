import { setImmediate } from 'node:timers/promises';
import { routeTo } from '../../../stages/group-router.ts';
import type { Group } from '../../model/group/group.ts';
import { parseSource } from '../../model/event/event.ts';
import type { Slice } from '../../pipeline.ts';
import { Aggregation } from '../../report/content/aggregate.ts';
import { createReports } from '../../report/reports.ts';
import { openKeyOverflow } from '../../scratch/key-overflow.ts';
import type { Scratch } from '../../scratch/port.ts';
import { KeyHash } from '../../thresholds/key-hash.ts';
import type { MailDelivery } from '../mail-delivery.ts';
import { cutSlices, type PlannedLane } from '../plan/plan.ts';
import { logLaneFailure } from '../ports.ts';
import type { Replay } from '../replay.ts';
import type { RunContext, RunInputs } from '../run-context.ts';
import type { RunOptions } from '../run-options.ts';
import { composeReports } from './compose-reports.ts';
import { createLaneCommitter } from './lane-committer.ts';
import { openSlice } from './open-slice.ts';
import { createOwnerLookup } from './owner-lookup.ts';
import { processSlice, type SliceResult } from './slice.ts';
import { UnreadableAddresses } from './unreadable-addresses.ts';

interface SlicesRequest {
  readonly lanes: readonly PlannedLane[];
  readonly options: RunOptions;
  /** The selected ones, with the settings that this run forces. */
  readonly groups: readonly Group[];
  readonly mails: MailDelivery;
  readonly replay: Replay | undefined;
  readonly onResult: (result: SliceResult) => void;
}

/**
 * Processes lanes one slice after the other, until the run is stopped or the store fails.
 * @throws the store's error
 */
export async function processSlices(request: SlicesRequest, inputs: RunInputs): Promise<void> {
  const scratch = await inputs.openScratch();
  try {
    const unreadable = new UnreadableAddresses(inputs.log);
    const context = await createContext(request, inputs, scratch, unreadable);
    // A replay is one slice.
    const slices = request.replay === undefined ? cutSlices(request.lanes) : [request.lanes];
    await processEach(slices, context, request.onResult);
    unreadable.finish();
  } finally {
    scratch.close();
  }
}

async function processEach(
  slices: readonly (readonly PlannedLane[])[],
  context: RunContext,
  onResult: (result: SliceResult) => void,
): Promise<void> {
  const { stop } = context;
  const open = (index: number) => {
    const slice = slices[index];
    return slice === undefined ? undefined : openSlice(slice, context);
  };
  let next: Slice | undefined;
  try {
    // Signals arrive only between two turns of the event loop.
    await setImmediate();
    next = stop.aborted ? undefined : open(0);
    for (let slice = next, i = 1; slice !== undefined && !stop.aborted; slice = next, i++) {
      next = open(i);
      const result = withoutInterrupted(await processSlice(slice, context), context);
      onResult(result);
      if (result.broken) await requireStore(slice, context);
      await setImmediate();
    }
  } finally {
    next?.source.destroy();
  }
}

async function createContext(
  { options, groups, mails, replay }: SlicesRequest,
  { store, log, clock, run, scratchDir, stop, progress, groups: allGroups }: RunInputs,
  scratch: Scratch,
  unreadable: UnreadableAddresses,
): Promise<RunContext> {
  const secret = await store.secret();
  const context: RunContext = {
    options,
    run,
    store,
    log,
    clock,
    progress,
    stop,
    replay,
    remembers: options.mode === 'regular',
    testData: options.testData,
    defaultSeverity: replay === undefined ? undefined : options.defaultSeverity,
    routes: new Map(groups.map((group) => [group.name, routeTo(group)])),
    ownersOf: createOwnerLookup(allGroups),
    hash: new KeyHash(secret),
    openOverflow: () => openKeyOverflow(scratchDir),
    scratch,
    aggregationOf: (lane) => new Aggregation(lane.index, scratch),
    reports: createReports(options.report, { secret, taken: (label) => store.reports.hasLabel(label) }),
    reportsOf: (lane, thresholds) =>
      composeReports(lane, context, (eventClass, source) =>
        thresholds.reportedBy(lane, eventClass, parseSource(source)),
      ),
    commit: createLaneCommitter(options, store),
    way: mails.way,
    deliver: () => mails.deliver(run),
    onUnreadable: (event) => unreadable.add(event),
    onMissing: ({ key }, id) =>
      log.warning(`${key}: event ${id} was suppressed and would relapse, but is no longer in the store`),
    onFailure: (lane, error) => logLaneFailure(log, lane, error),
  };
  return context;
}

/** Stopping a replay, which is one slice, ends its input and so fails its lanes: they are reported as lanes without a turn instead. */
function withoutInterrupted(result: SliceResult, { replay, stop }: RunContext): SliceResult {
  if (replay === undefined || !stop.aborted) return result;
  return { ...result, outcomes: result.outcomes.filter((outcome) => outcome.result !== 'failed') };
}

/** Rejects when the store does not answer: every slice that follows would fail, too, after a timeout each. */
async function requireStore({ lanes }: Slice, { store }: RunContext): Promise<void> {
  await store.lanes.states(lanes.slice(0, 1).map((lane) => lane.key));
}
