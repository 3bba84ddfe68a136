import type { Duplex, Readable } from 'node:stream';
import { chainUnchecked } from 'stream-chain';
import { isMany, many, none, type Many } from 'stream-chain/defs.js';
import { aggregator, type LaneAggregation } from '../stages/aggregator.ts';
import { filter, keepUnfiltered, type Exclusions } from '../stages/filter.ts';
import { groupRouter, recheckRoute, type Route } from '../stages/group-router.ts';
import type { Item, LaneItem } from '../stages/item.ts';
import { mailSink } from '../stages/mail-sink.ts';
import { relapseJoiner } from '../stages/relapse-joiner.ts';
import { reportSink, type FinishedReport } from '../stages/report-sink.ts';
import { laneFinder, severitySplitter } from '../stages/severity-splitter.ts';
import { thresholder } from '../stages/thresholder.ts';
import type { EventView, Source } from './model/event/event.ts';
import type { Lane, LaneOutcome } from './model/lane.ts';
import type { Severity } from './model/severity.ts';
import type { RunCounters } from './model/run-counters.ts';
import type { Scratch } from './scratch/port.ts';
import type { EventStore, LaneCommit, LaneStore } from './store/port.ts';
import type { Thresholds } from './thresholds/thresholds.ts';

/** What one cursor serves: lanes of one severity and window, or all lanes of a replay. */
export interface Slice {
  readonly lanes: readonly Lane[];
  /** Batches of events. */
  readonly source: Readable;
  /** Counts what is read and what leaves before it reaches a lane. */
  readonly tally: RunCounters;
  /** By group name; undefined where no filter applies. */
  readonly exclusions: ReadonlyMap<string, Exclusions | undefined>;
  readonly thresholds: Thresholds;
}

/** What all slices of a run share, as far as the stages need it. */
export interface PipelineContext {
  readonly run: string;
  /** False for an ad-hoc run: it sets no thresholds and stores no filter hits. */
  readonly remembers: boolean;
  readonly routes: ReadonlyMap<string, Route>;
  readonly ownersOf: (event: EventView) => readonly string[];
  readonly testData: boolean;
  readonly defaultSeverity: Severity | undefined;
  readonly scratch: Scratch;
  readonly store: {
    readonly events: Pick<EventStore, 'byId'>;
    readonly lanes: Pick<LaneStore, 'writeAhead' | 'discard'>;
  };
  readonly commit: (commits: readonly LaneCommit[]) => Promise<readonly boolean[]>;
  readonly aggregationOf: (lane: Lane) => LaneAggregation;
  readonly reportsOf: (lane: Lane, thresholds: Thresholds) => AsyncIterable<FinishedReport>;
  readonly deliver: () => Promise<void>;
  readonly onUnreadable: (event: EventView) => void;
  readonly onMissing: (lane: Lane, id: string) => void;
  readonly onFailure: (lane: Lane, error: unknown) => void;
}

/**
 * One slice: events stream out of a cursor through group router, severity splitter, filter, thresholder, relapse joiner and aggregator into
 * report and mail sinks. What comes out are the outcomes of the slice's lanes. The stages are fused into one stream, so back-pressure
 * reaches the cursor.
 * @param onBegun called for every lane whose reports are begun: it goes on to its end even if the pipeline breaks
 */
export function reportPipeline(
  slice: Slice,
  context: PipelineContext,
  onBegun: (lane: Lane, outcome: Promise<LaneOutcome>) => void,
): Duplex & AsyncIterable<LaneOutcome> {
  const { lanes, source, tally, thresholds } = slice;
  const { run, remembers, routes, ownersOf, testData, defaultSeverity, scratch, store, commit } = context;
  const { aggregationOf, deliver, onUnreadable, onMissing, onFailure } = context;
  const exclusionsOf = (group: string) => slice.exclusions.get(group);
  const reportsOf = (lane: Lane) => context.reportsOf(lane, thresholds);
  const recheck = (event: EventView, sources: readonly Source[], lane: Lane) => {
    const routed = recheckRoute(event, sources, routes.get(lane.group.name)!);
    return keepUnfiltered(event, routed, lane, exclusionsOf(lane.group.name));
  };
  return chainUnchecked<never, LaneOutcome>([
    source,
    eachEvent(
      groupRouter({ routes, testData, ownersOf, onUnreadable, tally }),
      severitySplitter({ laneOf: laneFinder(lanes), defaultSeverity, tally }),
      filter({ exclusionsOf }),
      thresholder({ thresholds }),
    ),
    relapseJoiner({ thresholds, events: store.events, recheck, onMissing }),
    aggregator({ lanes, scratch, aggregationOf }),
    reportSink({ run, remembers, store: store.lanes, commit, scratch, thresholds, reportsOf, onBegun, onFailure }), // prettier-ignore
    mailSink({ deliver }),
  ]);
}

/**
 * The stages in which most events end, as one function of a batch that returns the items left of it, in order. As separate functions of the
 * chain, which steps value by value, all stages together take 25 % longer.
 */
function eachEvent(
  route: ReturnType<typeof groupRouter>,
  split: ReturnType<typeof severitySplitter>,
  exclude: ReturnType<typeof filter>,
  suppress: ReturnType<typeof thresholder>,
): (batch: readonly EventView[]) => Promise<Many<LaneItem>> {
  const decide = (item: Item): Decided | Promise<Decided> => {
    const placed = split(item);
    const kept = placed === none ? none : exclude(placed);
    return kept === none ? none : suppress(kept);
  };
  return async (batch) => {
    const passed: LaneItem[] = [];
    for (const event of batch) {
      const routed = route(event);
      if (routed === none) continue;
      for (const item of isMany(routed) ? routed.values : [routed]) {
        const decided = decide(item);
        const outcome = decided instanceof Promise ? await decided : decided;
        if (outcome !== none) passed.push(outcome);
      }
    }
    return many(passed);
  };
}

type Decided = LaneItem | typeof none;
