/*
 * Severity splitter: puts an item into its lane by severity and window.
 *
 * Input:     items.
 * Output:    items that have a lane.
 * State:     none of its own; counts into the lanes.
 * Guarantee: every item enters exactly one lane, where it is counted as new, or is counted under one item reason. An item that has a
 *            reason already is counted under it in its lane and goes no further.
 */
import { none } from 'stream-chain/defs.js';
import type { Lane } from '../lib/model/lane.ts';
import { isSeverity, type Severity } from '../lib/model/severity.ts';
import type { RunCounters } from '../lib/model/run-counters.ts';
import type { Item, LaneItem } from './item.ts';

/** The lane of a group and severity among those of the slice. */
export type LaneFinder = (group: string, severity: Severity) => Lane | undefined;

export function laneFinder(lanes: readonly Lane[]): LaneFinder {
  const byGroup = new Map<string, Map<Severity, Lane>>();
  for (const lane of lanes) {
    let ofGroup = byGroup.get(lane.group.name);
    if (ofGroup === undefined) byGroup.set(lane.group.name, (ofGroup = new Map<Severity, Lane>()));
    ofGroup.set(lane.severity, lane);
  }
  return (group, severity) => byGroup.get(group)?.get(severity);
}

export function severitySplitter(deps: {
  readonly laneOf: LaneFinder;
  /** Severity of events that have none; undefined: they are counted as `no-severity`. */
  readonly defaultSeverity: Severity | undefined;
  readonly tally: RunCounters;
}): (item: Item) => LaneItem | typeof none {
  const { laneOf, defaultSeverity, tally } = deps;
  return (item) => {
    const severity = item.event.severity ?? defaultSeverity;
    if (!isSeverity(severity)) {
      tally.count('no-severity');
      return none;
    }
    const lane = laneOf(item.group.name, severity);
    if (lane === undefined) {
      tally.count('not-in-run');
      return none;
    }
    const { from, to } = lane.window;
    // An invalid event may have no storage time.
    if (item.reason !== 'invalid' && !(from <= item.event.storageTime && item.event.storageTime < to)) {
      tally.count('outside-window');
      return none;
    }
    lane.counters.entered++;
    if (item.reason !== undefined) {
      lane.counters.count(item.reason);
      return none;
    }
    const placed = item as LaneItem;
    placed.lane = lane;
    return placed;
  };
}
