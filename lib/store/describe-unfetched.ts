import { formatCount } from '../model/text/format.ts';

/** The line about events that no lane asks for, because of what they have. */
export function describeUnfetched(count: number, what: string): string {
  const [events, are] = [formatCount(count, 'event has', 'events have'), count === 1 ? 'is' : 'are'];
  return `${events} ${what}, and ${are} never fetched`;
}
