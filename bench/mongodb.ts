/*
 * How fast the events of a slice come out of a real server, beside a bare cursor that decodes every document. Seeded events of about 0.7 kB in a
 * database of its own, which is dropped; ways take turns, so that what else the machine does hits all alike.
 *
 *   node dist/bench/mongodb.js [--events N] [--rounds N] [--uri mongodb://…]   (default 300,000 events, 2 rounds, a mongod of the specs)
 */
import { parseArgs } from 'node:util';
import { MongoClient, type Collection, type Document } from 'mongodb';
import type { EventView, RawEvent } from '../lib/model/event.ts';
import { initMongoStore, openMongoStore } from '../lib/store/mongodb/index.ts';
import type { SliceQuery, Store } from '../lib/store/port.ts';
import { startReplicaSet } from '../spec/support/mongod.ts';

const FROM = Date.UTC(2026, 0, 1);
const DATABASE = 'mentat-bench';
const BULK = 10_000;

/** One of 20 classes and 50 groups, one source, as a detector writes them. */
function eventOf(i: number): RawEvent {
  const random = Math.imul(i + 1, 0x9e3779b1) >>> 0;
  const time = new Date(FROM + i * 10).toISOString().replace('.000Z', 'Z');
  return {
    Format: 'IDEA0',
    ID: `${random.toString(16).padStart(8, '0')}-${i.toString(16).padStart(8, '0')}-4a7b-9c8d-0123456789ab`,
    CreateTime: time,
    DetectTime: time,
    EventTime: time,
    CeaseTime: time,
    Category: ['Recon.Scanning'],
    Description: 'Horizontal port scan: many connections to one port of many addresses',
    ConnCount: 1 + (random % 1000),
    FlowCount: 2 + (random % 2000),
    Source: [
      {
        IP4: [`10.${random & 255}.${(random >>> 8) & 255}.${(random >>> 16) & 255}`],
        Proto: ['tcp'],
        Port: [51234],
      },
    ],
    Target: [{ Port: [22, 23], Proto: ['tcp', 'ssh'] }],
    Node: [
      {
        Name: 'org.example.flow.scandetector',
        Type: ['Flow', 'Statistical'],
        SW: ['Nemea', 'hoststats'],
        AggrWin: '00:05:00',
      },
    ],
    _CESNET: {
      StorageTime: time,
      ResolvedAbuses: [`abuse-${i % 50}@example.org`],
      EventClass: `recon-scanning-${i % 20}`,
      EventSeverity: 'low',
      Impact: 'scans for open ports',
    },
  };
}

async function fill(store: Store, events: number): Promise<void> {
  for (let at = 0; at < events; at += BULK)
    await store.events.insert(Array.from({ length: Math.min(BULK, events - at) }, (_, i) => eventOf(at + i)));
}

async function bare(alerts: Collection, query: SliceQuery): Promise<number> {
  const { groups, from, to } = query;
  const filter = {
    '_CESNET.EventSeverity': query.severity,
    '_CESNET.ResolvedAbuses': { $in: [...groups] },
    '_CESNET.StorageTime': { $gte: new Date(from), $lt: new Date(to) },
    Category: { $ne: 'Test' },
  } as Document;
  let count = 0;
  for await (const event of alerts.find(filter).sort({ '_CESNET.StorageTime': 1, _id: 1 }))
    if ('ID' in event) count++;
  return count;
}

async function slice(store: Store, query: SliceQuery, work: (view: EventView) => number): Promise<number> {
  let count = 0;
  for await (const views of store.events.slice(query))
    for (const view of views) count += work(view) >= 0 ? 1 : 0;
  return count;
}

/** What routing and thresholds ask of an event that is kept quiet. */
function facts(view: EventView): number {
  const { invalid, test, groups, severity, storageTime, eventClass, sources } = view;
  if (invalid !== undefined || test || severity === undefined) return -1;
  return (groups?.length ?? 0) + storageTime + eventClass.length + Number(sources[0]?.range?.low ?? 0);
}

async function timed(title: string, events: number, work: () => Promise<number>): Promise<void> {
  const [start, cpu] = [process.hrtime.bigint(), process.cpuUsage()];
  const count = await work();
  if (count !== events) throw new Error(`${title}: ${count} events instead of ${events}`);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  const own = (user + system) / 1e6;
  const memory = Math.round(process.memoryUsage.rss() / 1e6);
  console.log(
    `${title.padEnd(42)} ${seconds.toFixed(2).padStart(7)} s ${Math.round(events / seconds)
      .toString()
      .padStart(8)}/s  cpu ${own.toFixed(2).padStart(6)} s  rss ${memory} MB`,
  );
}

const { values } = parseArgs({
  options: { events: { type: 'string' }, rounds: { type: 'string' }, uri: { type: 'string' } },
});
const events = Number(values.events ?? 300_000);
const server = values.uri === undefined ? await startReplicaSet() : undefined;
const uri = values.uri ?? server!.uri;
const client = await new MongoClient(uri).connect();
try {
  await initMongoStore(uri, { database: DATABASE, eventsIndex: true });
  const store = await openMongoStore(uri, { database: DATABASE });
  await fill(store, events);
  const alerts = client.db(DATABASE).collection('alerts');
  const groups = Array.from({ length: 50 }, (_, i) => `abuse-${i}@example.org`);
  const window = { from: FROM, to: FROM + events * 10 };
  const query: SliceQuery = { severity: 'low', groups, ...window, test: false, fields: new Set() };
  for (let round = 0; round < Number(values.rounds ?? 2); round++) {
    await timed('bare cursor, whole documents', events, () => bare(alerts, query));
    await timed('slice, facts of every event', events, () => slice(store, query, facts));
    await timed('slice, facts and every body', events, () =>
      slice(store, query, (view) => facts(view) + Object.keys(view.body()).length),
    );
    await timed('slice, facts, every body and its JSON', events, () =>
      slice(store, query, (view) => facts(view) + Object.keys(view.body()).length + view.bodyText().length),
    );
  }
  await store.close();
} finally {
  await client.db(DATABASE).dropDatabase();
  await client.close();
  await server?.stop();
}
