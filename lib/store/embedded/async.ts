import { setImmediate } from 'node:timers/promises';

/** The synchronous engine behind an asynchronous port: what `work` throws becomes a rejection. */
export function asPromise<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}

/** Hands batches on, and between any two of them lets timers, signals and sockets have their turn. */
export async function* iterateAsync<T>(batches: Iterable<T>): AsyncGenerator<T, void, undefined> {
  let first = true;
  for (const batch of batches) {
    if (!first) await setImmediate();
    first = false;
    yield batch;
  }
}

/** The same, handing on what the batches hold. */
export async function* flattenAsync<T>(batches: Iterable<readonly T[]>): AsyncGenerator<T, void, undefined> {
  for await (const batch of iterateAsync(batches)) yield* batch;
}
