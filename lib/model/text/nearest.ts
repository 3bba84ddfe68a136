import { distance } from 'fastest-levenshtein';

/** The known text nearest to a mistyped one, or undefined when none is near: one that shares no character with it never is. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(Math.max(2, Math.floor(text.length / 3)) + 1, text.length);
  for (const candidate of known) {
    const steps = distance(text.toLowerCase(), candidate.toLowerCase());
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}

/** What to say about an unknown name: the nearest known one, else all of them or whatever helps instead. */
export function nearestHint(
  name: string,
  known: readonly string[],
  otherwise = `known: ${known.join(', ')}`,
): string {
  const near = nearest(name, known);
  return near === undefined ? otherwise : `did you mean ${near}?`;
}
