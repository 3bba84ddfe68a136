/** The line about events that no lane asks for, because of what they have. */
export function describeUnfetched(count: number, what: string): string {
  return count === 1
    ? `1 event has ${what}, and is never fetched`
    : `${count} events have ${what}, and are never fetched`;
}
