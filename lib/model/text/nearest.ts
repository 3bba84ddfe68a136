import { distance } from 'fastest-levenshtein';

/** The known text closest to a mistyped one; undefined when none is close. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.min(Math.max(2, Math.floor(text.length / 3)) + 1, text.length);
  for (const candidate of known) {
    const steps = distance(text.toLowerCase(), candidate.toLowerCase());
    if (steps < least) [best, least] = [candidate, steps];
  }
  return best;
}

/** The hint about an unknown name: the closest known one, else all of them or `otherwise`. */
export function nearestHint(
  name: string,
  known: readonly string[],
  otherwise = `known: ${known.join(', ')}`,
): string {
  const near = nearest(name, known);
  return near === undefined ? otherwise : `did you mean ${near}?`;
}
