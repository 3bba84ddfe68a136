import type { AbstractCursor } from 'mongodb';
import { UserError } from '../../model/user-error.ts';
import { toUserError } from './errors.ts';

/**
 * Everything that a cursor finds, in the server's batches; the next one is fetched while the one before is worked. Ends only when the server
 * has said that nothing is left. The driver ends the iteration of a cursor quietly when that was closed or killed, so what counts
 * here is the state of the cursor and not that it gives no more.
 * @throws UserError when the cursor ends in any other way
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

/** True when there is a batch to read. */
function fetchBatch<T>(cursor: AbstractCursor<T>): Promise<boolean> {
  const answer = cursor.hasNext();
  // A problem is heard of when the batch is asked for, which may be never.
  answer.catch(() => undefined);
  return answer;
}

/** The server gives a cursor the number 0 when it has nothing left; the driver does the same to one that it kills. */
function isExhausted<T>(cursor: AbstractCursor<T>): boolean {
  return cursor.id?.isZero() === true && !cursor.killed;
}

function interruptedError(where: string): UserError {
  const what = 'reading ended before the end';
  return new UserError({ what, where, hint: 'run again: what was not committed is done anew' });
}
