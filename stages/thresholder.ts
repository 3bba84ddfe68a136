/*
 * Thresholder: keeps quiet what was reported already.
 *
 * Input:     items that passed the filters.
 * Output:    the same, with the sources that no threshold keeps quiet.
 * State:     the thresholds of the slice's lanes, in the memory it is handed, read when the first event comes.
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
  readonly memory: Thresholds;
}): (item: LaneItem) => Passed | Promise<Passed> {
  const { memory } = deps;
  return (item) => {
    const loading = memory.load();
    return loading === undefined ? decide(item, memory) : decideAfter(loading, item, memory);
  };
}

async function decideAfter(loading: Promise<void>, item: LaneItem, memory: Thresholds): Promise<Passed> {
  await loading;
  return decide(item, memory);
}

function decide(item: LaneItem, memory: Thresholds): Passed | Promise<Passed> {
  const { sources } = item;
  // Most events have one source: neither a list nor a function is made for them.
  const quiet =
    sources.length > 1 ? quietAmong(item, memory) : isQuiet(item, sources[0]!, memory) ? sources : NONE;
  if (quiet.length === 0) return pass(item);
  const written = memory.hold(item.lane, item.event, quiet);
  const outcome = narrow(item, quiet);
  return written === undefined ? outcome : after(written, outcome);
}

const NONE: readonly Source[] = [];

function isQuiet({ event, lane }: LaneItem, source: Source, memory: Thresholds): boolean {
  return event.storageTime < memory.suppressedUntil(lane, event.eventClass, source);
}

function quietAmong(item: LaneItem, memory: Thresholds): readonly Source[] {
  return item.sources.filter((source) => isQuiet(item, source, memory));
}

async function after(written: Promise<void>, outcome: Passed): Promise<Passed> {
  await written;
  return outcome;
}

function narrow(item: LaneItem, quiet: readonly Source[]): Passed {
  if (quiet.length === item.sources.length) {
    item.lane.counters.count('suppressed');
    return none;
  }
  item.sources = item.sources.filter((source) => !quiet.includes(source));
  return pass(item);
}

function pass(item: LaneItem): LaneItem {
  item.lane.counters.count('passed');
  return item;
}
