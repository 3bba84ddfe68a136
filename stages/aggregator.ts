/*
 * Aggregator: collects what a lane's reports are made of.
 *
 * Input:     items that are to be reported, regular and relapsed, of any lane and in any order.
 * Output:    after the last one, every lane of the slice, in the order lanes are processed.
 * State:     the statistics' counts of all lanes up to a bound; beyond it, and at the end, they go to the scratch, where everything else goes at once.
 * Guarantee: memory does not grow with events, sources or lanes; what the scratch holds of a lane does not depend on the order of its events.
 */
import { flushable, many, none, type Many } from 'stream-chain/defs.js';
import type { EventView } from '../lib/model/event/event.ts';
import type { Lane } from '../lib/model/lane.ts';
import type { Part } from '../lib/model/report.ts';
import type { Scratch } from '../lib/scratch/port.ts';
import type { LaneItem } from './item.ts';

/** Partial results of one lane. */
export interface LaneAggregation {
  /** Memory it takes, in units of about 400 bytes. */
  readonly weight: number;
  add(event: EventView, sources: readonly string[], part: Part): void;
  /** Moves everything held into the scratch. */
  spill(): void;
}

/** Most that all lanes together hold in memory: about 16 MB. */
const MAX_WEIGHT = 40_000;

export function aggregator(deps: {
  readonly lanes: readonly Lane[];
  readonly scratch: Pick<Scratch, 'addEvent'>;
  readonly aggregationOf: (lane: Lane) => LaneAggregation;
  readonly maxWeight?: number;
}): (item: LaneItem) => typeof none | Many<Lane> {
  const { lanes, scratch, aggregationOf, maxWeight = MAX_WEIGHT } = deps;
  const aggregations = new Map<Lane, LaneAggregation>();
  let weight = 0;

  const spillAll = () => {
    for (const aggregation of aggregations.values()) aggregation.spill();
    aggregations.clear();
    weight = 0;
  };

  const add = ({ event, lane, part, sources }: LaneItem): typeof none | Many<Lane> => {
    const names = sources.map((source) => source.text);
    const { id, storageTime, eventClass } = event;
    scratch.addEvent(lane.index, {
      part,
      id,
      storageTime,
      eventClass,
      sources: names,
      body: event.bodyText(),
    });
    let aggregation = aggregations.get(lane);
    if (aggregation === undefined) aggregations.set(lane, (aggregation = aggregationOf(lane)));
    else weight -= aggregation.weight;
    aggregation.add(event, names, part);
    weight += aggregation.weight;
    if (weight > maxWeight) spillAll();
    return none;
  };

  const finish = (): Many<Lane> => {
    spillAll();
    return many([...lanes]);
  };

  return flushable(add, finish);
}
