import type { Duplex, Readable } from 'node:stream';
import { chainUnchecked } from 'stream-chain';
import { many, none, type Many } from 'stream-chain/defs.js';
import { aggregator, type LaneAggregation } from '../stages/aggregator.ts';
import { filter, keepUnfiltered, type Exclusions } from '../stages/filter.ts';
import { groupRouter, recheckRoute, type Route } from '../stages/group-router.ts';
import { mailSink } from '../stages/mail-sink.ts';
import { relapseJoiner } from '../stages/relapse-joiner.ts';
import { reportSink, type ReportSinkDeps } from '../stages/report-sink.ts';
import { laneFinder, severitySplitter } from '../stages/severity-splitter.ts';
import { thresholder } from '../stages/thresholder.ts';
import type { LaneMemory } from './memory/lane-memory.ts';
import type { EventView } from './model/event.ts';
import type { Lane, LaneOutcome } from './model/lane.ts';
import type { Severity } from './model/severity.ts';
import type { RunTally } from './model/tally.ts';
import type { Scratch } from './scratch/port.ts';

export interface PipelineDeps extends Omit<ReportSinkDeps, 'scratch' | 'memory'> {
  /** Batches of events: a store's cursor, or the lines of a replay. */
  readonly source: Readable;
  readonly lanes: readonly Lane[];
  readonly routes: ReadonlyMap<string, Route>;
  readonly testData: boolean;
  readonly ownersOf: (event: EventView) => readonly string[];
  readonly defaultSeverity: Severity | undefined;
  readonly exclusionsOf: (group: string) => Exclusions | undefined;
  readonly memory: LaneMemory & ReportSinkDeps['memory'];
  readonly eventsById: (ids: readonly string[]) => Promise<ReadonlyMap<string, EventView>>;
  readonly aggregationOf: (lane: Lane) => LaneAggregation;
  readonly scratch: Scratch;
  readonly tally: RunTally;
  readonly onGone: (lane: Lane, id: string) => void;
  readonly deliver: () => Promise<void>;
  /** Told of every batch before it is worked. */
  readonly onBatch: () => void;
}

/**
 * One slice: events stream out of a cursor through group router, severity splitter, filter, thresholder, relapse joiner and aggregator into
 * report and mail sinks. What comes out are the outcomes of the slice's lanes. The stages are fused into one stream, so an event passes
 * them in one synchronous call, and back-pressure reaches the cursor.
 */
export function reportPipeline(deps: PipelineDeps): Duplex & AsyncIterable<LaneOutcome> {
  const { routes, exclusionsOf, lanes } = deps;
  return chainUnchecked<never, LaneOutcome>([
    deps.source,
    (batch: EventView[]): Many<EventView> => {
      deps.onBatch();
      return many(batch);
    },
    groupRouter(deps),
    inOneStep(
      severitySplitter({ ...deps, laneOf: laneFinder(lanes) }),
      filter({ exclusionsOf }),
      thresholder(deps),
    ),
    relapseJoiner({
      ...deps,
      recheck: (event, sources, lane) =>
        keepUnfiltered(
          event,
          recheckRoute(event, sources, routes.get(lane.group.name)!),
          lane,
          exclusionsOf(lane.group.name),
        ),
    }),
    aggregator(deps),
    reportSink(deps),
    mailSink(deps),
  ]);
}

/** Functions of a chain, of which all but the last give one value or none, as one function: what stepping would ask of every value between them is saved. */
function inOneStep<A, B, C, D>(
  first: (value: A) => B | typeof none,
  second: (value: B) => C | typeof none,
  last: (value: C) => D | typeof none,
): (value: A) => D | typeof none {
  return (value) => {
    const one = first(value);
    if (one === none) return none;
    const two = second(one);
    return two === none ? none : last(two);
  };
}
