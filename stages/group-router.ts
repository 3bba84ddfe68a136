/*
 * Group router: turns an event into one item per group that it concerns.
 *
 * Input:     events.
 * Output:    items, each with those sources of the event that lie entirely inside one network of the item's group.
 * State:     none.
 * Guarantee: every event becomes at least one item or is counted under one event reason. An item without sources, or of an invalid event,
 *            still goes on, marked with its reason: only its lane can count it.
 */
import { many, none, type Many } from 'stream-chain/defs.js';
import type { EventView, Source } from '../lib/model/event/event.ts';
import type { Group } from '../lib/model/group/group.ts';
import { NetworkSet } from '../lib/model/network/network-set.ts';
import type { RunCounters } from '../lib/model/run-counters.ts';
import type { Item } from './item.ts';

/** A group of this run, with its networks prepared for look-ups. */
export interface Route {
  readonly group: Group;
  /** True when the source lies in the group's networks; a group without networks holds all. */
  readonly holds: (source: Source) => boolean;
}

export function routeTo(group: Group): Route {
  if (group.networks.length === 0) return { group, holds: () => true };
  const networks = new NetworkSet(group.networks.map((network) => network.range));
  return { group, holds: (source) => source.range !== undefined && networks.covers(source.range) };
}

/** The sources of an event that concern a group. An event without any readable address is kept under its fallback source. */
export function routeSources(event: EventView, route: Route): readonly Source[] {
  const sources = event.sources;
  if (sources.length === 0) return [event.fallback];
  const only = sources.length === 1 ? sources[0]! : undefined;
  if (only !== undefined) return route.holds(only) ? sources : [];
  return sources.filter((source) => route.holds(source));
}

/** The sources of an earlier routing that the group's networks still hold. */
export function recheckRoute(event: EventView, sources: readonly Source[], route: Route): readonly Source[] {
  return event.sources.length === 0 ? sources : sources.filter((source) => route.holds(source));
}

export function groupRouter(deps: {
  readonly routes: ReadonlyMap<string, Route>;
  /** True: only events of category Test count. False: only others. */
  readonly testData: boolean;
  /** Groups of an event that names none: the owners of its sources' networks. A store's events always name theirs. */
  readonly ownersOf: (event: EventView) => readonly string[];
  /** Called for every event with texts in place of addresses. */
  readonly onUnreadable: (event: EventView) => void;
  readonly tally: RunCounters;
}): (event: EventView) => Item | Many<Item> | typeof none {
  const { routes, testData, ownersOf, onUnreadable, tally } = deps;
  return (event) => {
    tally.read++;
    if (event.test !== testData) {
      tally.count('test-data');
      return none;
    }
    if (event.unreadable.length > 0) onUnreadable(event);
    const groups = event.groups ?? ownersOf(event);
    let first: Item | undefined;
    let all: Item[] | undefined;
    for (const name of groups) {
      const route = routes.get(name);
      if (route === undefined) continue;
      const item = itemFor(event, route);
      if (first === undefined) first = item;
      else (all ??= [first]).push(item);
    }
    if (first === undefined) {
      tally.count(event.invalid === undefined ? 'unknown-group' : 'invalid-event');
      return none;
    }
    tally.routed++;
    tally.items += all?.length ?? 1;
    return all === undefined ? first : many(all);
  };
}

function itemFor(event: EventView, route: Route): Item {
  const { group } = route;
  const invalid = event.invalid !== undefined;
  const sources = invalid ? [] : routeSources(event, route);
  const reason = invalid ? 'invalid' : sources.length === 0 ? 'outside-networks' : undefined;
  return { event, group, part: 'regular', sources, reason, lane: undefined };
}
