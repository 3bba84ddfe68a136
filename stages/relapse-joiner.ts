/*
 * Relapse joiner: brings back what a threshold suppressed near its end.
 *
 * Input:     items that are to be reported.
 * Output:    the same at once and, after the last one, an item per event that relapses, under the sources whose threshold has ended.
 * State:     up to 1,000 relapsed events at a time.
 * Guarantee: a relapsed event passes routing and the group's filters again, by the key's source alone. Each is counted once, as relapsed,
 *            as filtered (routing or a filter removes every source now), or as no longer stored.
 */
import { flushable } from 'stream-chain/defs.js';
import type { Thresholds, Relapse } from '../lib/thresholds/thresholds.ts';
import { parseSource, type EventView, type Source } from '../lib/model/event/event.ts';
import type { Lane } from '../lib/model/lane.ts';
import type { EventStore } from '../lib/store/port.ts';
import type { LaneItem } from './item.ts';

const BATCH = 1000;

export interface RelapseJoinerDeps {
  readonly thresholds: Pick<Thresholds, 'relapses'>;
  readonly events: Pick<EventStore, 'byId'>;
  /** The sources that routing and the group's filters still let pass; counts filter hits. */
  readonly recheck: (event: EventView, sources: readonly Source[], lane: Lane) => readonly Source[];
  readonly onMissing: (lane: Lane, id: string) => void;
}

export function relapseJoiner(
  deps: RelapseJoinerDeps,
): (item: LaneItem) => LaneItem | AsyncGenerator<LaneItem> {
  async function* relapsed(): AsyncGenerator<LaneItem> {
    let batch: Relapse[] = [];
    for await (const relapse of deps.thresholds.relapses()) {
      batch.push(relapse);
      if (batch.length < BATCH) continue;
      yield* await join(batch, deps);
      batch = [];
    }
    if (batch.length > 0) yield* await join(batch, deps);
  }
  return flushable((item: LaneItem): LaneItem | AsyncGenerator<LaneItem> => item, relapsed);
}

async function join(batch: readonly Relapse[], deps: RelapseJoinerDeps): Promise<LaneItem[]> {
  const events = await deps.events.byId([...new Set(batch.map((relapse) => relapse.id))]);
  const items: LaneItem[] = [];
  for (const { lane, id, keys } of batch) {
    const event = events.get(id);
    if (event === undefined || event.invalid !== undefined) {
      lane.counters.count('relapse-gone');
      deps.onMissing(lane, id);
      continue;
    }
    const sources = deps.recheck(
      event,
      keys.map((key) => parseSource(key.source)),
      lane,
    );
    lane.counters.count(sources.length > 0 ? 'relapsed' : 'relapse-filtered');
    if (sources.length > 0)
      items.push({ event, group: lane.group, part: 'relapsed', sources, reason: undefined, lane });
  }
  return items;
}
