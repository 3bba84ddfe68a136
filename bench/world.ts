import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { openStore } from '../lib/config/open-store.ts';
import { laneKey, type LaneState } from '../lib/model/lane.ts';
import { SEVERITIES } from '../lib/model/severity.ts';
import { Database } from '../lib/store/embedded/database.ts';
import { initMongoStore } from '../lib/store/mongodb/index.ts';
import { LANES, META, STAMPED } from '../lib/store/mongodb/schema.ts';
import type { Store } from '../lib/store/port.ts';
import { freshState } from '../lib/store/commit-protocol.ts';
import { fieldEvents, fieldGroups, groupName, writeEvents, type FieldOptions } from './events.ts';
import { Thresholds } from './thresholds.ts';

const DAY = 86_400_000;
/** The window that every case reports on. */
export const FROM = Date.UTC(2026, 0, 5);
export const TO = FROM + DAY;
/** The run before the first one: it set the thresholds and ended at the window's beginning. */
const BEFORE = 'bench-before';

export type Engine = 'mongodb' | 'embedded';
export type Data = Omit<FieldOptions, 'from' | 'to'>;

/** Where data sets are made, and whether they stay there for the next call. */
export interface Place {
  readonly directory: string;
  /** Of a MongoDB that the bench may make databases in. */
  readonly mongodb: () => Promise<string>;
  readonly keep: boolean;
}

/** A store with a data set in it, thresholds of the known sources included. */
export interface World {
  /** As the program's `--store` takes it. */
  readonly uri: string;
  /** Puts everything that the reporter remembers back to what it was before the first run; every lane was worked up to `to` then. */
  forget(to?: number): Promise<void>;
  dispose(): Promise<void>;
}

function nameOf(data: Data): string {
  const { events, groups, sources, known = 0, worst = 0 } = data;
  return `bench-${events}-${groups}-${sources}-${known * 100}-${worst}`;
}

/** A file of events as a replay reads it, and one of its groups. */
export async function makeFiles(data: Data, { directory, keep }: Place) {
  const events = join(directory, `${nameOf(data)}.ndjson`);
  const groups = join(directory, `groups-${data.groups}.json`);
  if (!existsSync(events)) {
    await writeFile(groups, JSON.stringify(fieldGroups(data.groups)));
    await writeEvents(`${events}.part`, { ...data, from: FROM, to: TO });
    await rename(`${events}.part`, events);
  }
  const dispose = async () => {
    if (!keep) await Promise.all([rm(events), rm(groups)]);
  };
  return { events, groups, dispose };
}

export function makeWorld(engine: Engine, data: Data, place: Place): Promise<World> {
  return engine === 'mongodb' ? mongoWorld(data, place) : embeddedWorld(data, place);
}

/** Ends the name of a file that says that a database is whole: one that is open cannot be given its name afterwards. */
const MADE = '.made';

async function embeddedWorld(data: Data, { directory, keep }: Place): Promise<World> {
  const file = join(directory, `${nameOf(data)}.db`);
  const files = ['', '-wal', '-shm', MADE].map((end) => `${file}${end}`);
  const remove = () => Promise.all(files.map((one) => rm(one, { force: true })));
  if (!existsSync(`${file}${MADE}`)) {
    await remove();
    await fill(`sqlite:${file}`, data);
    await writeFile(`${file}${MADE}`, '');
  }
  const forget = (to = FROM) => {
    const db = new Database(file);
    db.exec('PRAGMA foreign_keys = ON');
    db.write(() => {
      db.exec(`DELETE FROM stamps WHERE run <> '${BEFORE}'`);
      db.exec(`UPDATE lanes SET upto = ${to}, run = '${BEFORE}', epoch = 0`);
    });
    db.close();
    return Promise.resolve();
  };
  const dispose = async () => {
    if (!keep) await remove();
  };
  return { uri: `sqlite:${file}`, forget, dispose };
}

async function mongoWorld(data: Data, { mongodb, keep }: Place): Promise<World> {
  const server = await mongodb();
  const name = nameOf(data).replaceAll('.', '_');
  const uri = withDatabase(server, name);
  const client = await new MongoClient(server).connect();
  const database = client.db(name);
  const meta = database.collection<{ _id: string }>(META);
  if ((await meta.findOne({ _id: 'bench' })) === null) {
    await database.dropDatabase();
    await initMongoStore(uri, { eventsIndex: true });
    await fill(uri, data);
    await meta.insertOne({ _id: 'bench' });
  }
  const forget = async (to = FROM) => {
    for (const rows of STAMPED) await database.collection(rows).deleteMany({ run: { $ne: BEFORE } });
    await database.collection(LANES).updateMany({}, { $set: { to: new Date(to), run: BEFORE, epoch: 0 } });
  };
  const dispose = async () => {
    if (!keep) await database.dropDatabase();
    await client.close();
  };
  return { uri, forget, dispose };
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

const BULK = 5000;

/** Groups, events, and what the lanes remember of a run before the window. */
async function fill(uri: string, data: Data): Promise<void> {
  const store = await openStore({ uri });
  const thresholds = new Thresholds();
  await store.groups.replace(fieldGroups(data.groups));
  let bulk: Readonly<Record<string, unknown>>[] = [];
  for (const { event, group, severity, eventClass, sources, known } of fieldEvents({
    ...data,
    from: FROM,
    to: TO,
  })) {
    if (known) thresholds.add(laneKey('live', severity, groupName(group)), eventClass, sources);
    bulk.push(event);
    if (bulk.length < BULK) continue;
    await store.events.insert(bulk);
    bulk = [];
  }
  await store.events.insert(bulk);
  await remember(store, data.groups, thresholds);
  await store.close();
}

async function remember(store: Store, groups: number, thresholds: Thresholds): Promise<void> {
  const states: LaneState[] = SEVERITIES.flatMap((severity) =>
    Array.from({ length: groups }, (_, i) => freshState(laneKey('live', severity, groupName(i)))),
  );
  for (const { lane } of states) {
    for (const part of thresholds.partsOf(lane, FROM, TO))
      await store.lanes.writeAhead({ lane, run: BEFORE }, [{ kind: 'thresholds', ...part }]);
  }
  await store.lanes.commit(
    states.map((state) => ({ state, to: FROM, run: BEFORE, hasRows: true, hasExpired: false })),
  );
  await store.lanes.publish(states.map(({ lane }) => ({ lane, run: BEFORE })));
}
