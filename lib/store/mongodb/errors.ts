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
  hint: 'grant read on the events and readWrite on the database of the reporter; read is enough for --dry-run and actions that only look',
};
const INTERRUPTED: Explanation = { what: 'the server interrupted the operation', hint: AGAIN };
const STEPPED_DOWN: Explanation = { what: 'the server is not the primary any more', hint: AGAIN };
const STOPPING: Explanation = { what: 'the server is shutting down', hint: AGAIN };
const CURSOR_GONE: Explanation = { what: 'the cursor was taken away before its end', hint: AGAIN };
const TOO_LATE: Explanation = {
  what: 'the server did not answer in time',
  hint: 'look at its load and at the indexes (--action store-check), or raise --db-timeout',
};
const NO_MAJORITY: Explanation = {
  what: 'the replica set did not confirm the write',
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
  [43, CURSOR_GONE],
  [237, CURSOR_GONE],
  [50, TOO_LATE],
  [262, TOO_LATE],
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
 * A problem of the server, or on the way to it, as a UserError of one line: what, where, what to do, and the driver's own words where they
 * tell more. A duplicate key and everything that is no problem of the driver come back as they are: those are the program's.
 */
export function toUserError(error: unknown, where: string): unknown {
  const known = explain(error);
  if (known === undefined) return error;
  const { what, hint } = known;
  return new UserError({ what, where, hint }, { cause: error });
}

/** The server says that a document with this key is there already. */
export const DUPLICATE_KEY = 11000;

function explain(error: unknown): Explanation | undefined {
  if (!(error instanceof MongoError)) return undefined;
  // A bulk wraps what stopped it, also when that was no answer of the server.
  if (error instanceof MongoBulkWriteError && error.errorResponse instanceof MongoError)
    return explain(error.errorResponse);
  if (error.code === DUPLICATE_KEY) return undefined;
  const known = EXPLANATIONS_BY_CODE.get(error.code);
  if (known !== undefined) return known;
  if (error instanceof MongoServerSelectionError || error instanceof MongoSystemError) {
    return {
      what: `no server answers that could be used: ${messageOf(findRootCause(error))}`,
      hint: 'check host, port, TLS and the name of the replica set in --store',
    };
  }
  if (error instanceof MongoNetworkTimeoutError) return TOO_LATE;
  if (error instanceof MongoNetworkError)
    return { what: `the connection broke: ${error.message}`, hint: AGAIN };
  if (error instanceof MongoClientClosedError)
    return { what: 'the connection was closed by ourselves', hint: AGAIN };
  if (/larger than the maximum size|offset.*out of range|BSONObj size/i.test(error.message)) return TOO_BIG;
  return { what: `the database refuses: ${error.message}`, hint: 'see the log of the server' };
}

/** True when the same operation may well succeed at once: the connection broke, or another member is the primary by now. */
export function isTransient(error: unknown): boolean {
  if (error instanceof MongoBulkWriteError && error.errorResponse instanceof MongoError)
    return isTransient(error.errorResponse);
  const known = explain(error);
  return error instanceof MongoNetworkError || known === STEPPED_DOWN || known === STOPPING;
}

/** What keeps a server from being used, by the server's description: the reason that a person can mend. */
function findRootCause(error: MongoServerSelectionError | MongoSystemError): Error {
  const servers = [...(error.reason?.servers.values() ?? [])];
  return servers.map((server) => server.error).find((reason) => reason !== null) ?? error;
}
