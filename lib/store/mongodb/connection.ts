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
  /** Where the events lie; else what the URI names, else `mentat`. */
  readonly database?: string;
  /** The collection of events; default `alerts`. */
  readonly collection?: string;
  /** Where our own collections lie; default: where the events lie. */
  readonly reporterDatabase?: string;
  /** How long an answer of the server may take, milliseconds. */
  readonly socketTimeoutMS?: number;
}

/** An event as a document; `_id` is its ID where we wrote it, and anything where others did. */
export interface EventDocument extends Document {
  _id: string;
}

const DEFAULT_DATABASE = 'mentat';
const DEFAULT_COLLECTION = 'alerts';
/** Milliseconds; each gives way to what the URI says. Electing a new primary takes up to 12 s. */
const TIMEOUTS = { socketTimeoutMS: 600_000, serverSelectionTimeoutMS: 20_000, connectTimeoutMS: 10_000 };
/** How long a majority may take to confirm a write, milliseconds. */
const WRITE_TIMEOUT = 60_000;

/**
 * The way to one server, replica set or cluster. Events are read as the URI says. Our own collections are written and read by majority on the
 * primary, and every operation on them sees what the ones before it did, also on a primary that was elected in between. Every problem
 * that a person can mend is thrown as a UserError.
 */
export class Connection {
  /** For people: hosts, database and collection, never credentials. */
  readonly where: string;
  readonly client: MongoClient;
  readonly events: Collection<EventDocument>;
  readonly own: Db;
  /** Why no server could be found, once that was so for the whole of a timeout: a run has no use for the same wait at every step. */
  #gone: UserError | undefined;
  /** The latest operation of ours that the server has told the time of. */
  #latest: Timestamp | undefined;

  constructor(uri: string, place: MongoLocation) {
    this.client = createClient(uri, place.socketTimeoutMS);
    const database = place.database ?? databaseOf(uri) ?? DEFAULT_DATABASE;
    const { hosts, srvHost } = this.client.options;
    const servers = srvHost ?? hosts.map(String).join(',');
    this.where = `mongodb://${servers}/${database}`;
    this.events = this.client.db(database).collection<EventDocument>(place.collection ?? DEFAULT_COLLECTION);
    this.own = this.client.db(place.reporterDatabase ?? database, {
      readPreference: ReadPreference.primary,
      readConcern: new ReadConcern('majority'),
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

  /** Does something with our own collections; the session is to be handed to every operation. */
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

  /** Everything that a cursor on our own collections finds, batch by batch. */
  async *stream<T>(
    find: (session: ClientSession) => AbstractCursor<T>,
  ): AsyncGenerator<T[], void, undefined> {
    this.#demandServer();
    const session = this.#startSession();
    try {
      yield* readBatches(find(session), this.where);
    } catch (error) {
      throw this.#noted(error);
    } finally {
      await this.#endSession(session);
    }
  }

  async guard<T>(work: () => Promise<T>): Promise<T> {
    this.#demandServer();
    try {
      return await work();
    } catch (error) {
      throw this.#noted(toUserError(error, this.where));
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  #demandServer(): void {
    if (this.#gone !== undefined) throw this.#gone;
  }

  #noted(problem: unknown): unknown {
    if (problem instanceof UserError && problem.cause instanceof MongoServerSelectionError)
      this.#gone = problem;
    return problem;
  }

  #startSession(): ClientSession {
    const session = this.client.startSession({ causalConsistency: true });
    if (this.#latest !== undefined) session.advanceOperationTime(this.#latest);
    return session;
  }

  async #endSession(session: ClientSession): Promise<void> {
    const time = session.operationTime;
    if (time !== undefined && (this.#latest === undefined || time.greaterThan(this.#latest)))
      this.#latest = time;
    await session.endSession();
  }
}

function createClient(uri: string, socketTimeoutMS: number | undefined): MongoClient {
  const options: MongoClientOptions = { appName: 'mentat-reporter' };
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

function databaseOf(uri: string): string | undefined {
  const name = /^[^:]+:\/\/[^/]*\/([^?]+)/.exec(uri)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}

function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^/]*@/g, '//***@');
}
