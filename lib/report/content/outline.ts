import { readEventContent } from '../../model/event/event-content.ts';
import type { RawEvent } from '../../model/event/event.ts';
import type { Scratch } from '../../scratch/port.ts';
import type { Outline } from './record.ts';
import type { ReportRequest } from '../request.ts';
import { statisticsOf, Tally } from './statistics.ts';
import { TimelineTally, timelineOf } from './timeline.ts';

/** Values of one dimension that the statistics of an extra report count exactly. */
const EXTRA_VALUES = 20_000;

/** The lane's summary; `maxEntries` is how many entries its record holds. */
export function summaryOutline(
  { lane, wanted }: ReportRequest,
  scratch: Scratch,
  labels: { readonly label: string; readonly children: string[] },
  maxEntries: number,
): Outline {
  const { counts, number } = lane;
  const sources = scratch.countSources(number);
  const largestCounts = (dimension: string, limit: number) => scratch.largestCounts(number, dimension, limit);
  return {
    ...labels,
    type: 'summary',
    parent: null,
    source: null,
    mailed: wanted.mailSummary,
    counts,
    filtering: lane.filtering,
    statistics: statisticsOf(counts.evcount_rep, { largestCounts }),
    timeline: timelineOf(largestCounts),
    events: { regular: counts.evcount_thr, relapsed: counts.evcount_rlp },
    sources,
    extraLeftOut: wanted.extras ? sources - labels.children.length : 0,
    largestEntries: scratch.largestEntries(number, maxEntries),
    entries: scratch.countEntries(number),
  };
}

/** The extra report of one source: its events are read again, because statistics are kept by lane only. */
export function extraOutline(
  { lane, wanted }: ReportRequest,
  scratch: Scratch,
  labels: { readonly label: string; readonly parent: string },
  source: string,
): Outline {
  const tally = new Tally(EXTRA_VALUES);
  const timeline = new TimelineTally();
  const events = { regular: 0, relapsed: 0 };
  for (const { part, body, storageTime } of scratch.events(lane.number, source)) {
    events[part]++;
    const event = readEventContent(JSON.parse(body) as RawEvent);
    tally.add(event);
    timeline.add(part, event.first, storageTime);
  }
  const reported = events.regular + events.relapsed;
  return {
    ...labels,
    type: 'extra',
    children: [],
    source,
    mailed: wanted.mailExtra,
    counts: { evcount_rep: reported, evcount_all: lane.counts.evcount_rep },
    filtering: {},
    statistics: statisticsOf(reported, tally),
    timeline: timeline.timeline(),
    events,
    sources: 1,
    extraLeftOut: 0,
    largestEntries: scratch.entries(lane.number, source),
    entries: countOf(scratch.entries(lane.number, source)),
  };
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  const iterator = items[Symbol.iterator]();
  while (iterator.next().done !== true) count++;
  return count;
}
