import type { MergedCursor } from './merged-cursor.ts';

/** Each key once, in order, with the sum of its numbers. */
export function* sumByKey(
  merged: MergedCursor,
): Generator<{ readonly key: string; readonly sum: number }, void, undefined> {
  let key: string | undefined;
  let sum = 0;
  for (let cursor = merged.next(); cursor !== undefined; cursor = merged.next()) {
    if (merged.isNew) {
      if (key !== undefined) yield { key, sum };
      key = cursor.key;
      sum = 0;
    }
    sum += cursor.number;
  }
  if (key !== undefined) yield { key, sum };
}

/** Number of distinct keys. */
export function countKeys(merged: MergedCursor): number {
  let count = 0;
  while (merged.next() !== undefined) if (merged.isNew) count++;
  return count;
}
