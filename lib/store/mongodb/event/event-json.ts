import { randomUUID } from 'node:crypto';
import type { RawEvent } from '../../../model/event/event.ts';

/** The event as JSON, its keys as they stand; whole numbers beyond 2^53, which are bigints, come out with every digit. */
export function eventJson(event: RawEvent): string {
  try {
    return JSON.stringify(event);
  } catch (error) {
    // What JSON.stringify says of a bigint: rare enough to be found out this way.
    if (!(error instanceof TypeError)) throw error;
    return withBigints(event);
  }
}

function withBigints(event: RawEvent): string {
  // No text of the event can hold a mark that is made now.
  const mark = randomUUID();
  const marked = JSON.stringify(event, (_, value: unknown) =>
    typeof value === 'bigint' ? `${mark}${value}` : value,
  );
  return marked.replace(new RegExp(`"${mark}(-?\\d+)"`, 'g'), '$1');
}
