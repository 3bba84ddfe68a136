import { setImmediate } from 'node:timers/promises';

/** Runs synchronous work behind an asynchronous port; an exception becomes a rejection. */
export function asPromise<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

/** Iterates batches and lets the event loop run between them. */
export async function* iterateAsync<T>(batches: Iterable<T>): AsyncGenerator<T, void, undefined> {
  let first = true;
  for (const batch of batches) {
    if (!first) await setImmediate();
    first = false;
    yield batch;
  }
}

/** Iterates the items of batches and lets the event loop run between batches. */
export async function* flattenAsync<T>(batches: Iterable<readonly T[]>): AsyncGenerator<T, void, undefined> {
  for await (const batch of iterateAsync(batches)) yield* batch;
}
