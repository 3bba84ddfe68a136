/*
 * Filter: removes the sources that the group's filters exclude.
 *
 * Input:     items that have a lane.
 * Output:    the same, with the sources that no filter matched.
 * State:     none of its own; counts hits into the lanes: one per filter and event of which it removed at least one source.
 * Guarantee: an item passes with at least one source, or is counted as filtered. A filter that cannot be used matches nothing.
 */
import { none } from 'stream-chain/defs.js';
import type { EventView, Source } from '../lib/model/event/event.ts';
import type { Lane } from '../lib/model/lane.ts';
import type { LaneItem } from './item.ts';

/** A group's filters made ready for one run. */
export interface Exclusions {
  /** The name of the first filter that matches the event with this source as its only one, or undefined. Never throws. */
  excludedBy(event: EventView, source: Source): string | undefined;
}

/** The sources no filter removes; counts hits into the lane. */
export function keepUnfiltered(
  event: EventView,
  sources: readonly Source[],
  lane: Lane,
  exclusions: Exclusions | undefined,
): readonly Source[] {
  if (exclusions === undefined) return sources;
  let charged: Set<string> | undefined;
  const kept = sources.filter((source) => {
    const filter = exclusions.excludedBy(event, source);
    if (filter === undefined) return true;
    (charged ??= new Set()).add(filter);
    return false;
  });
  if (charged === undefined) return sources;
  const hits = (lane.filtering ??= new Map<string, number>());
  for (const filter of charged) hits.set(filter, (hits.get(filter) ?? 0) + 1);
  return kept;
}

export function filter(deps: {
  /** Of a group by name; undefined when it has no filter that applies. */
  readonly exclusionsOf: (group: string) => Exclusions | undefined;
}): (item: LaneItem) => LaneItem | typeof none {
  return (item) => {
    const { event, lane } = item;
    item.sources = keepUnfiltered(event, item.sources, lane, deps.exclusionsOf(item.group.name));
    if (item.sources.length > 0) return item;
    lane.counters.count('filtered');
    return none;
  };
}
