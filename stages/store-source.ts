/*
 * Store source: the events of one slice, off one cursor.
 *
 * Input:     a slice: its lanes share severity and window.
 * Output:    batches of events in storage-time order, each event once.
 * State:     one batch, read ahead while the stages work.
 * Guarantee: ends only when the cursor is exhausted; an interruption is an error, never an end.
 */
import { Readable } from 'node:stream';
import type { EventView } from '../lib/model/event/event.ts';
import type { EventStore, SliceQuery } from '../lib/store/port.ts';

export function storeSource(deps: {
  readonly events: Pick<EventStore, 'slice'>;
  readonly query: SliceQuery;
}): Readable {
  const batches: AsyncIterable<readonly EventView[]> = deps.events.slice(deps.query);
  return Readable.from(batches, { objectMode: true, highWaterMark: 1 });
}
