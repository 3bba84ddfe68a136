/*
 * Thresholder: suppresses what was reported already.
 *
 * Input:     items that passed the filters.
 * Output:    the same, with the sources that no threshold suppresses.
 * State:     none of its own; the thresholds of the slice's lanes are loaded when the first event comes.
 * Guarantee: a source is suppressed exactly when its event was stored before the end (`ttl`) of the lane's threshold for class and source,
 *            and then stands in the registry. All look-ups happen before this run sets thresholds of its own, so repeated events of
 *            one source in one window are all reported. An item passes with at least one source, or is counted as suppressed.
 */
import { none } from 'stream-chain/defs.js';
import type { Thresholds } from '../lib/thresholds/thresholds.ts';
import type { Source } from '../lib/model/event/event.ts';
import type { LaneItem } from './item.ts';

type Passed = LaneItem | typeof none;

export function thresholder(deps: {
  readonly thresholds: Pick<Thresholds, 'load' | 'suppressedUntil' | 'hold'>;
}): (item: LaneItem) => Passed | Promise<Passed> {
  const { thresholds } = deps;

  const isSuppressed = ({ event, lane }: LaneItem, source: Source): boolean => {
    const until = thresholds.suppressedUntil(lane, event.eventClass, source);
    return until !== undefined && event.storageTime < until;
  };

  const decide = (item: LaneItem): Passed | Promise<Passed> => {
    const { event, lane, sources } = item;
    // Most events have one source, for which no list is made.
    const suppressed =
      sources.length > 1
        ? sources.filter((source) => isSuppressed(item, source))
        : isSuppressed(item, sources[0]!)
          ? sources
          : NONE;
    if (suppressed.length === 0) return pass(item);
    const written = thresholds.hold(lane, event, suppressed);
    const outcome = narrow(item, suppressed);
    return written === undefined ? outcome : written.then(() => outcome);
  };

  return (item) => {
    const loading = thresholds.load();
    return loading === undefined ? decide(item) : loading.then(() => decide(item));
  };
}

const NONE: readonly Source[] = [];

function narrow(item: LaneItem, suppressed: readonly Source[]): Passed {
  if (suppressed.length === item.sources.length) {
    item.lane.counters.count('suppressed');
    return none;
  }
  item.sources = item.sources.filter((source) => !suppressed.includes(source));
  return pass(item);
}

function pass(item: LaneItem): LaneItem {
  item.lane.counters.count('passed');
  return item;
}
