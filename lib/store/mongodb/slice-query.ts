import type { Document, Filter, FindOptions } from 'mongodb';
import { TEST_CATEGORY } from '../../model/event/event.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import type { LanesQuery } from '../port.ts';
import type { EventDocument } from './connection.ts';
import type { EventRoot, TimeKind } from './event/event-layout.ts';

/**
 * Events in a reply. Two replies are in memory at a time; the objects of larger ones would survive young garbage collections, which costs
 * more than the additional round trips.
 */
const BATCH = 500;

/**
 * The query of a slice: an index run per group, merged by the server. Its window may be a little wider than the slice's where times are no
 * dates: the instant decides afterwards.
 */
export function sliceFilter(
  root: EventRoot,
  { severity, groups, from, to, test }: LanesQuery,
): Filter<EventDocument> {
  const { path, kind } = root;
  return {
    [`${path}.EventSeverity`]: severity,
    [`${path}.ResolvedAbuses`]: { $in: [...new Set(groups)] },
    [`${path}.StorageTime`]: BOUNDS[kind](from, to),
    Category: test ? TEST_CATEGORY : { $ne: TEST_CATEGORY },
    ...(path === '_Mentat' ? { _CESNET: { $not: { $type: 'object' } } } : {}),
  };
}

export function sliceOptions({ path, index }: EventRoot): FindOptions {
  const sort: [string, 1][] = [
    [`${path}.StorageTime`, 1],
    ['_id', 1],
  ];
  return { raw: true, batchSize: BATCH, sort, ...(index === undefined ? {} : { hint: index }) };
}

const SECOND = 1000;
/** A millisecond more to either side, for numbers that are rounded when they are read. */
const ROUNDING = 1;

const BOUNDS: Readonly<Record<TimeKind, (from: Instant, to: Instant) => Document>> = {
  date: (from, to) => ({ $gte: new Date(from), $lt: new Date(to) }),
  // The beginning of a text up to its seconds comes before all texts of that second, with and without a fraction.
  text: (from, to) => ({ $gte: toSecond(from), $lt: toSecond(to + SECOND - 1) }),
  seconds: (from, to) => ({ $gte: (from - ROUNDING) / SECOND, $lt: (to + ROUNDING) / SECOND }),
  milliseconds: (from, to) => ({ $gte: from - ROUNDING, $lt: to + ROUNDING }),
};

function toSecond(instant: Instant): string {
  return formatInstant(Math.floor(instant / SECOND) * SECOND).slice(0, -1);
}
