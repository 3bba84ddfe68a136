import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerSelectionError,
  MongoSystemError,
} from 'mongodb';
import { messageOf, UserError } from '../../model/user-error.ts';

interface Explanation {
  readonly what: string;
  readonly hint: string;
}

const AGAIN = 'run again: what was not committed is done anew';

const REFUSED: Explanation = {
  what: 'user or password is wrong',
  hint: 'check the credentials of --store, and authSource',
};
const NOT_ALLOWED: Explanation = {
  what: 'the user may not do this',
  hint: 'grant read on the events and readWrite on the database of the reporter; read is enough for --dry-run and read-only actions',
};
const INTERRUPTED: Explanation = { what: 'the server interrupted the operation', hint: AGAIN };
const STEPPED_DOWN: Explanation = { what: 'the server is not the primary any more', hint: AGAIN };
const STOPPING: Explanation = { what: 'the server is shutting down', hint: AGAIN };
const CURSOR_CLOSED: Explanation = { what: 'the server closed the cursor before its end', hint: AGAIN };
const TIMED_OUT: Explanation = {
  what: 'the server did not answer in time',
  hint: 'look at its load and at the indexes (--action store-check), or raise --db-timeout',
};
const NO_MAJORITY: Explanation = {
  what: 'the replica set did not acknowledge the write',
  hint: 'a majority of its members has to be up',
};
const FULL: Explanation = { what: 'no space left for the database', hint: `free space, then ${AGAIN}` };
const TOO_BIG: Explanation = {
  what: 'a document is too big for the server',
  hint: 'lower report_max_sources; a document holds up to 16 MiB',
};

/** By the server's error codes. */
const EXPLANATIONS_BY_CODE: ReadonlyMap<unknown, Explanation> = new Map<unknown, Explanation>([
  [13, NOT_ALLOWED],
  [18, REFUSED],
  [8000, REFUSED],
  [43, CURSOR_CLOSED],
  [237, CURSOR_CLOSED],
  [50, TIMED_OUT],
  [262, TIMED_OUT],
  [11600, STOPPING],
  [91, STOPPING],
  [11601, INTERRUPTED],
  [290, INTERRUPTED],
  [11602, STEPPED_DOWN],
  [189, STEPPED_DOWN],
  [10107, STEPPED_DOWN],
  [13435, STEPPED_DOWN],
  [13436, STEPPED_DOWN],
  [64, NO_MAJORITY],
  [79, NO_MAJORITY],
  [100, NO_MAJORITY],
  [14031, FULL],
  [28, FULL],
  [10334, TOO_BIG],
  [17280, TOO_BIG],
  [17419, TOO_BIG],
  [17420, TOO_BIG],
]);

/**
 * Turns an error of the server or the connection into a UserError. A duplicate key, and errors that are not the driver's, are returned
 * unchanged, because the program handles them.
 */
export function toUserError(error: unknown, where: string): unknown {
  const known = explain(error);
  if (known === undefined) return error;
  const { what, hint } = known;
  return new UserError({ what, where, hint }, { cause: error });
}

/** Error code: a document with this key exists already. */
export const DUPLICATE_KEY = 11000;

function explain(error: unknown): Explanation | undefined {
  if (!(error instanceof MongoError)) return undefined;
  // A bulk error wraps the error that stopped it.
  if (error instanceof MongoBulkWriteError && error.errorResponse instanceof MongoError)
    return explain(error.errorResponse);
  if (error.code === DUPLICATE_KEY) return undefined;
  const known = EXPLANATIONS_BY_CODE.get(error.code);
  if (known !== undefined) return known;
  if (error instanceof MongoServerSelectionError || error instanceof MongoSystemError) {
    return {
      what: `no usable server answers: ${messageOf(findRootCause(error))}`,
      hint: 'check host, port, TLS and the name of the replica set in --store',
    };
  }
  if (error instanceof MongoNetworkTimeoutError) return TIMED_OUT;
  if (error instanceof MongoNetworkError)
    return { what: `the connection broke: ${error.message}`, hint: AGAIN };
  if (error instanceof MongoClientClosedError)
    return { what: 'the connection was closed by ourselves', hint: AGAIN };
  if (/larger than the maximum size|offset.*out of range|BSONObj size/i.test(error.message)) return TOO_BIG;
  return { what: `the database refuses: ${error.message}`, hint: 'see the log of the server' };
}

/** True when a retry is likely to succeed: the connection broke, or another member has become the primary. */
export function isTransient(error: unknown): boolean {
  if (error instanceof MongoBulkWriteError && error.errorResponse instanceof MongoError)
    return isTransient(error.errorResponse);
  const known = explain(error);
  return error instanceof MongoNetworkError || known === STEPPED_DOWN || known === STOPPING;
}

/** The error of a server that explains why none could be selected. */
function findRootCause(error: MongoServerSelectionError | MongoSystemError): Error {
  const servers = [...(error.reason?.servers.values() ?? [])];
  return servers.map((server) => server.error).find((reason) => reason !== null) ?? error;
}
