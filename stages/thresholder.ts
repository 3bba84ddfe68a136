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
    const quiet = quietOf(item.sources, isQuiet);
    if (quiet.length === 0) return pass(item);
    const written = memory.hold(lane, event, quiet);
    const outcome = narrow(item, quiet);
    return written === undefined ? outcome : written.then(() => outcome);
  };

  return (item) => {
    const loading = memory.load();
    return loading === undefined ? decide(item) : loading.then(() => decide(item));
  };
}

/** Most events have one source: each is looked up once, and no list is made for them. */
function quietOf(sources: readonly Source[], isQuiet: (source: Source) => boolean): readonly Source[] {
  if (sources.length > 1) return sources.filter(isQuiet);
  return isQuiet(sources[0]!) ? sources : NONE;
}

const NONE: readonly Source[] = [];

function narrow(item: LaneItem, quiet: readonly Source[]): Passed {
  if (quiet.length === item.sources.length) {
    item.lane.counters.count('kept-quiet');
    return none;
  }
  item.sources = item.sources.filter((source) => !quiet.includes(source));
  return pass(item);
}

function pass(item: LaneItem): LaneItem {
  item.lane.counters.count('passed');
  return item;
}
