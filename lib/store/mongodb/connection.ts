import {
  MongoClient,
  MongoServerSelectionError,
  ReadConcern,
  ReadPreference,
  type AbstractCursor,
  type ClientSession,
  type Collection,
  type Db,
  type Document,
  type MongoClientOptions,
  type Timestamp,
} from 'mongodb';
import { messageOf, UserError } from '../../model/user-error.ts';
import { readBatches } from './read-batches.ts';
import { toUserError } from './errors.ts';

export interface MongoLocation {
  /** Database of the events; default: that of the URI, else `mentat`. */
  readonly database?: string;
  /** Collection of the events; default `alerts`. */
  readonly collection?: string;
  /** Database of our own collections; default: that of the events. */
  readonly reporterDatabase?: string;
  /** How long a reply of the server may take, milliseconds. */
  readonly socketTimeoutMS?: number;
}

/** An event as a document; `_id` is its ID when we wrote it, and anything when another program did. */
export interface EventDocument extends Document {
  _id: string;
}

const DEFAULT_DATABASE = 'mentat';
const DEFAULT_COLLECTION = 'alerts';
/** Milliseconds; the URI overrides them. Electing a new primary takes up to 12 s. */
const TIMEOUTS = { socketTimeoutMS: 600_000, serverSelectionTimeoutMS: 20_000, connectTimeoutMS: 10_000 };
/** How everything is read, whatever the URI says. Of each connection its own: the driver writes the time of a session into the object. */
const createReads = () => ({
  readPreference: ReadPreference.primary,
  readConcern: new ReadConcern('majority'),
});
/** How long a majority may take to acknowledge a write, milliseconds. */
const WRITE_TIMEOUT = 60_000;

/**
 * The connection to one server, replica set or cluster. Everything is read from the primary with majority, whatever the URI says, and our own
 * collections are written with majority; every operation on them sees the ones before it, also after an election. Every problem that a
 * person can solve is thrown as a UserError.
 */
export class Connection {
  /** Hosts, database and collection for messages; holds no credentials. */
  readonly where: string;
  /** The read preference that the URI asks for in vain: a secondary that lags would lack events that are never asked for again. */
  readonly ignoredReadPreference: string | undefined;
  readonly client: MongoClient;
  readonly events: Collection<EventDocument>;
  readonly own: Db;
  /** Set once no server was found within the timeout, so that a run does not wait again at every step. */
  #unreachable: UserError | undefined;
  /** Operation time of the latest operation, which the next session has to see. */
  #operationTime: Timestamp | undefined;

  constructor(uri: string, place: MongoLocation) {
    this.client = createClient(uri, place.socketTimeoutMS);
    const database = place.database ?? databaseOf(uri) ?? DEFAULT_DATABASE;
    const { hosts, srvHost } = this.client.options;
    const servers = srvHost ?? hosts.map(String).join(',');
    this.where = `mongodb://${servers}/${database}`;
    this.ignoredReadPreference = requestedReadPreference(uri);
    this.events = this.client
      .db(database, createReads())
      .collection<EventDocument>(place.collection ?? DEFAULT_COLLECTION);
    this.own = this.client.db(place.reporterDatabase ?? database, {
      ...createReads(),
      writeConcern: { w: 'majority', journal: true, wtimeoutMS: WRITE_TIMEOUT },
    });
  }

  /** @throws UserError when no server can be used, or it refuses the credentials */
  async open(): Promise<void> {
    await this.guard(() => this.client.connect());
  }

  collection<T extends Document>(name: string): Collection<T> {
    return this.own.collection<T>(name);
  }

  /** Runs operations on our own collections, each of which has to be given the session. */
  run<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    return this.guard(async () => {
      const session = this.#startSession();
      try {
        return await work(session);
      } finally {
        await this.#endSession(session);
      }
    });
  }

  /** Reads a cursor on our own collections, batch by batch. */
  async *stream<T>(
    find: (session: ClientSession) => AbstractCursor<T>,
  ): AsyncGenerator<T[], void, undefined> {
    this.#requireServer();
    const session = this.#startSession();
    try {
      yield* readBatches(find(session), this.where);
    } catch (error) {
      throw this.#remember(error);
    } finally {
      await this.#endSession(session);
    }
  }

  async guard<T>(work: () => Promise<T>): Promise<T> {
    this.#requireServer();
    try {
      return await work();
    } catch (error) {
      throw this.#remember(toUserError(error, this.where));
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  #requireServer(): void {
    if (this.#unreachable !== undefined) throw this.#unreachable;
  }

  #remember(problem: unknown): unknown {
    if (problem instanceof UserError && problem.cause instanceof MongoServerSelectionError)
      this.#unreachable = problem;
    return problem;
  }

  #startSession(): ClientSession {
    const session = this.client.startSession({ causalConsistency: true });
    if (this.#operationTime !== undefined) session.advanceOperationTime(this.#operationTime);
    return session;
  }

  async #endSession(session: ClientSession): Promise<void> {
    const time = session.operationTime;
    if (time !== undefined && (this.#operationTime === undefined || time.greaterThan(this.#operationTime)))
      this.#operationTime = time;
    await session.endSession();
  }
}

function createClient(uri: string, socketTimeoutMS: number | undefined): MongoClient {
  const options: MongoClientOptions = {
    appName: 'mentat-reporter',
    readPreference: ReadPreference.primary,
  };
  for (const [name, value] of Object.entries(TIMEOUTS)) {
    if (!new RegExp(`[?&]${name}=`, 'i').test(uri)) Object.assign(options, { [name]: value });
  }
  if (socketTimeoutMS !== undefined) options.socketTimeoutMS = socketTimeoutMS;
  try {
    return new MongoClient(uri, options);
  } catch (error) {
    const what = `no MongoDB URI: ${withoutCredentials(messageOf(error))}`;
    const expected =
      'mongodb://[user:password@]host[:port][,…]/[database][?options], special characters as %XX';
    throw new UserError({ what, where: '--store', expected }, { usage: true });
  }
}

/** Undefined when the URI names none, or the primary. */
function requestedReadPreference(uri: string): string | undefined {
  const [, name] = /[?&]readPreference=([^&]+)/i.exec(uri) ?? [];
  return name === undefined || name.toLowerCase() === 'primary' ? undefined : name;
}

function databaseOf(uri: string): string | undefined {
  const name = /^[^:]+:\/\/[^/]*\/([^?]+)/.exec(uri)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}

function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/]*@/g, '//***@');
}
