import type { Duplex, Readable } from 'node:stream';
import { chainUnchecked } from 'stream-chain';
import { isMany, many, none, type Many } from 'stream-chain/defs.js';
import { aggregator, type LaneAggregation } from '../stages/aggregator.ts';
import { filter, keepUnfiltered, type Exclusions } from '../stages/filter.ts';
import { groupRouter, recheckRoute, type Route } from '../stages/group-router.ts';
import type { Item, LaneItem } from '../stages/item.ts';
import { mailSink } from '../stages/mail-sink.ts';
import { relapseJoiner } from '../stages/relapse-joiner.ts';
import { reportSink, type ReportSinkDeps } from '../stages/report-sink.ts';
import { laneFinder, severitySplitter } from '../stages/severity-splitter.ts';
import { thresholder } from '../stages/thresholder.ts';
import type { Thresholds } from './thresholds/thresholds.ts';
import type { EventView } from './model/event/event.ts';
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
  readonly memory: Thresholds & ReportSinkDeps['memory'];
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
    decideBatch(
      deps.onBatch,
      groupRouter(deps),
      inOneStep(
        severitySplitter({ ...deps, laneOf: laneFinder(lanes) }),
        inOneStep(filter({ exclusionsOf }), thresholder(deps)),
      ),
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

/**
 * The stages that most events end in, as one function that hands on what is left of a batch, in order. Stepping through them event by event
 * asks of every value between them what it is, which took a seventh of the time of all stages. When a stage has to wait,
 * the rest of the batch waits with it.
 */
function decideBatch(
  onBatch: () => void,
  route: (event: EventView) => Item | Many<Item> | typeof none,
  decide: (item: Item) => Decided | Promise<Decided>,
): (batch: readonly EventView[]) => Many<LaneItem> | Promise<Many<LaneItem>> {
  return (batch) => {
    onBatch();
    const passed: LaneItem[] = [];
    const keep = (decided: Decided): void => {
      if (decided !== none) passed.push(decided);
    };
    const decideFrom = (first: number): Many<LaneItem> | Promise<Many<LaneItem>> => {
      for (let i = first; i < batch.length; i++) {
        const routed = route(batch[i]!);
        if (routed === none) continue;
        const waiting = isMany(routed) ? decideAll(routed.values, 0) : decideOne(routed);
        if (waiting !== undefined) return waiting.then(() => decideFrom(i + 1));
      }
      return many(passed);
    };
    const decideAll = (items: readonly Item[], first: number): Promise<void> | undefined => {
      for (let i = first; i < items.length; i++) {
        const waiting = decideOne(items[i]!);
        if (waiting !== undefined) return waiting.then(() => decideAll(items, i + 1));
      }
      return undefined;
    };
    const decideOne = (item: Item): Promise<void> | undefined => {
      const decided = decide(item);
      if (decided instanceof Promise) return decided.then(keep);
      keep(decided);
      return undefined;
    };
    return decideFrom(0);
  };
}

type Decided = LaneItem | typeof none;

/** Two functions of a chain, the first of which gives one value or none, as one: what stepping would ask of the value between them is saved. */
function inOneStep<A, B, C>(
  first: (value: A) => B | typeof none,
  second: (value: B) => C | typeof none,
): (value: A) => C | typeof none {
  return (value) => {
    const one = first(value);
    return one === none ? none : second(one);
  };
}
