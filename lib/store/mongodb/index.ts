import { randomBytes } from 'node:crypto';
import type { Store } from '../port.ts';
import { collectWarnings } from './warnings.ts';
import { Connection, type MongoLocation } from './connection.ts';
import { MongoEvents } from './events.ts';
import { describeOddTimes } from './event/odd-times.ts';
import { MongoGroups } from './groups.ts';
import { MongoJournal } from './journal.ts';
import { MongoLanes } from './lanes.ts';
import { MongoOutbox } from './outbox.ts';
import { MongoReports } from './reports.ts';
import { prepareSchema } from './schema.ts';
import { MongoSecret } from './secret.ts';

export { checkMongoStore, type CheckOptions } from './check.ts';
export { initMongoStore, type InitOptions } from './init.ts';

/** Milliseconds that counting odd storage times may take before a run. */
const COUNTING = 5_000;

export interface MongoOptions extends MongoLocation {
  /** True: nothing is written, and a user with read access is enough. */
  readonly readOnly?: boolean;
  /** Source of the installation's secret when there is none yet. */
  readonly random?: (bytes: number) => Uint8Array;
}

export interface MongoStore extends Store {
  /**
   * What an operator should know before a run, one line each: slices that no index serves,
   * clocks that differ, and storage times that no slice asks for. Cheap.
   * @throws UserError when there is no collection of events
   */
  warnings(): Promise<readonly string[]>;
}

/**
 * Opens the store in a MongoDB. Our own collections are created when missing, that of the events is not. The URI is read by the driver.
 * @throws UserError when no server can be used, the credentials are wrong, or the store is of another version
 */
export async function openMongoStore(uri: string, options: MongoOptions = {}): Promise<MongoStore> {
  const { readOnly = false, random = randomBytes } = options;
  const connection = new Connection(uri, options);
  try {
    await connection.open();
    await prepareSchema(connection, readOnly);
    return createStore(connection, new MongoSecret(connection, random, readOnly));
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function createStore(connection: Connection, secret: MongoSecret): MongoStore {
  const events = new MongoEvents(connection);
  return {
    name: connection.where,
    events,
    groups: new MongoGroups(connection),
    lanes: new MongoLanes(connection),
    journal: new MongoJournal(connection),
    reports: new MongoReports(connection),
    outbox: new MongoOutbox(connection),
    secret: () => secret.get(),
    warnings: async () => {
      const layout = await events.layout();
      return connection.guard(async () => [
        ...(await collectWarnings(connection, layout)),
        ...(await describeOddTimes(connection, layout, COUNTING)),
      ]);
    },
    close: () => connection.close(),
  };
}
