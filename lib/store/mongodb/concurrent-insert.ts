import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import { DUPLICATE_KEY } from './errors.ts';

/**
 * What a write that may insert has changed. Undefined when somebody else inserted one of its documents first, which is a race that was
 * lost and no problem.
 */
export async function ignoreConcurrentInsert<T>(changed: Promise<T>): Promise<T | undefined> {
  try {
    return await changed;
  } catch (error) {
    if (isConcurrentInsert(error)) return undefined;
    throw error;
  }
}

function isConcurrentInsert(error: unknown): boolean {
  if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) return false;
  return !(error instanceof MongoBulkWriteError) || hasOnlyDuplicateKeys(error);
}

/** True when duplicate keys are all that a bulk failed of. */
export function hasOnlyDuplicateKeys(error: MongoBulkWriteError): boolean {
  const problems = [error.writeErrors].flat();
  const isConfirmed = error.result.getWriteConcernError() === undefined;
  return isConfirmed && problems.every((problem) => problem.code === DUPLICATE_KEY);
}
