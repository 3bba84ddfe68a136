import type { AbstractCursor } from 'mongodb';
import { UserError } from '../../model/user-error.ts';
import { toUserError } from './errors.ts';

/**
 * Reads a cursor to its end in the server's batches; the next batch is fetched while one is processed. The driver ends the iteration of a
 * closed or killed cursor without an error, so the state of the cursor decides whether its end was reached.
 * @throws UserError when the cursor was interrupted
 */
export async function* readBatches<T>(
  cursor: AbstractCursor<T>,
  where: string,
): AsyncGenerator<T[], void, undefined> {
  let next = fetchBatch(cursor);
  try {
    while (await next) {
      const batch = cursor.readBufferedDocuments();
      next = fetchBatch(cursor);
      yield batch;
    }
    if (!isExhausted(cursor)) throw interruptedError(where);
  } catch (error) {
    throw toUserError(error, where);
  } finally {
    await cursor.close();
  }
}

/** True when there is another batch. */
function fetchBatch<T>(cursor: AbstractCursor<T>): Promise<boolean> {
  const hasNext = cursor.hasNext();
  // A rejection is handled when the batch is awaited, which may never happen.
  hasNext.catch(() => undefined);
  return hasNext;
}

/** A cursor's ID is 0 when the server has no more documents, but also when the driver has killed the cursor. */
function isExhausted<T>(cursor: AbstractCursor<T>): boolean {
  return cursor.id?.isZero() === true && !cursor.killed;
}

function interruptedError(where: string): UserError {
  const what = 'reading ended before the end';
  return new UserError({ what, where, hint: 'run again: what was not committed is done anew' });
}
