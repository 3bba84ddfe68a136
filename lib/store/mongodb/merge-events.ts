import type { EventView } from '../../model/event/event.ts';
import { byCodePoint } from '../../model/event/object-view.ts';

type Batches = AsyncGenerator<readonly EventView[], void, undefined>;

/** Merges two sources of events, each by storage time, then ID. Closes both in any case. */
export async function* mergeEvents(one: Batches, other: Batches): Batches {
  try {
    let [left, right] = await Promise.all([read(one), read(other)]);
    while (left.length > 0 && right.length > 0) {
      // Up to here neither source can still deliver an earlier event.
      const last = comesBefore(left.at(-1)!, right.at(-1)!) ? left.at(-1)! : right.at(-1)!;
      const [a, b] = [countUpTo(left, last), countUpTo(right, last)];
      yield [...left.slice(0, a), ...right.slice(0, b)].sort((x, y) => (comesBefore(x, y) ? -1 : 1));
      left = a === left.length ? await read(one) : left.slice(a);
      right = b === right.length ? await read(other) : right.slice(b);
    }
    for (; left.length > 0; left = await read(one)) yield left;
    for (; right.length > 0; right = await read(other)) yield right;
  } finally {
    await Promise.all([one.return(), other.return()]);
  }
}

/** Empty at the end. */
async function read(source: Batches): Promise<readonly EventView[]> {
  const { value } = await source.next();
  return value ?? [];
}

/** Number of events that come before this one, or are it. */
function countUpTo(events: readonly EventView[], last: EventView): number {
  const beyond = events.findIndex((event) => comesBefore(last, event));
  return beyond < 0 ? events.length : beyond;
}

function comesBefore(a: EventView, b: EventView): boolean {
  return a.storageTime < b.storageTime || (a.storageTime === b.storageTime && byCodePoint(a.id, b.id) < 0);
}
