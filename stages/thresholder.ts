/*
 * Thresholder: keeps quiet what was reported already.
 *
 * Input:     items that passed the filters.
 * Output:    the same, with the sources that no threshold keeps quiet.
 * State:     the thresholds of the slice's lanes, in the memory it is handed, read when the first event comes.
 * Guarantee: a source is kept quiet exactly when its event was stored before the end (`ttl`) of the lane's threshold for class and source,
 *            and then stands in the registry. All look-ups happen before this run sets thresholds of its own, so repeated events of
 *            one source in one window are all reported. An item passes with at least one source, or is counted as kept quiet.
 */
import { none } from 'stream-chain/defs.js';
import type { LaneMemory } from '../lib/memory/lane-memory.ts';
import type { Source } from '../lib/model/event.ts';
import type { LaneItem } from './item.ts';

type Passed = LaneItem | typeof none;

export function thresholder(deps: {
  readonly memory: LaneMemory;
}): (item: LaneItem) => Passed | Promise<Passed> {
  const { memory } = deps;

  const decide = (item: LaneItem): Passed | Promise<Passed> => {
    const { event, lane } = item;
    const isQuiet = (source: Source) => event.storageTime < memory.quietUntil(lane, event.eventClass, source);
    // Most events have one source: no list is made for them.
    const only = item.sources.length === 1 ? item.sources[0]! : undefined;
    if (only !== undefined ? !isQuiet(only) : !item.sources.some(isQuiet)) return pass(item);
    const quiet: Source[] = [];
    const rest: Source[] = [];
    for (const source of item.sources) (isQuiet(source) ? quiet : rest).push(source);
    const written = memory.hold(lane, event, quiet);
    const outcome = narrow(item, rest);
    return written === undefined ? outcome : written.then(() => outcome);
  };

  return (item) => {
    const loading = memory.load();
    return loading === undefined ? decide(item) : loading.then(() => decide(item));
  };
}

function narrow(item: LaneItem, sources: readonly Source[]): Passed {
  if (sources.length === 0) {
    item.lane.counters.count('kept-quiet');
    return none;
  }
  item.sources = sources;
  return pass(item);
}

function pass(item: LaneItem): LaneItem {
  item.lane.counters.count('passed');
  return item;
}
