import { MongoBulkWriteError, MongoServerError } from 'mongodb';
import { DUPLICATE_KEY } from './errors.ts';

/**
 * The result of a write that may insert; undefined when another process inserted one of its documents first.
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

/** True when the bulk failed because of duplicate keys only. */
export function hasOnlyDuplicateKeys(error: MongoBulkWriteError): boolean {
  const problems = [error.writeErrors].flat();
  const isConfirmed = error.result.getWriteConcernError() === undefined;
  return isConfirmed && problems.every((problem) => problem.code === DUPLICATE_KEY);
}
