import type { BenchCase, Settings } from './case.ts';
import { groupName } from '../events.ts';
import type { Job } from '../jobs/index.ts';
import { SEVERITIES } from '../../lib/model/severity.ts';
import { sideBySide, type Sides } from '../side-by-side.ts';
import { FROM, makeWorld, TO, type Data, type Engine } from '../world.ts';
import { regularRun } from './program.ts';

const GROUPS = 50;
/** Of ten events one has a source of its own. */
const EVENTS_PER_SOURCE = 10;
const QUIET = 0.9;

export function fieldData(events: number, known: number): Data {
  return { events, groups: GROUPS, sources: Math.ceil(events / EVENTS_PER_SOURCE), known };
}

function groupNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => groupName(i));
}

/** Reading every event of the data set with what the engine's own client offers. */
const BARE: Readonly<Record<Engine, (uri: string, data: Data) => Job>> = {
  mongodb: (uri, { groups }) => {
    const lanes = { severities: SEVERITIES, groups: groupNames(groups), from: FROM, to: TO };
    return { kind: 'bareMongo', options: { uri, ...lanes, atATime: 200 } };
  },
  embedded: (uri) => ({ kind: 'bareEmbedded', options: { file: uri.slice('sqlite:'.length) } }),
};

function storeCase(name: string, engine: Engine, known: number, target?: Sides['target']) {
  return async (settings: Settings): Promise<string[]> => {
    const { events, place } = settings;
    const data = fieldData(events, known);
    settings.say(`${engine}: making ${events} events`);
    const world = await makeWorld(engine, data, place);
    try {
      const [bare, ours] = [BARE[engine](world.uri, data), regularRun(world.uri, { events })];
      return await sideBySide(
        {
          name,
          bare,
          ours,
          prepare: () => world.forget(),
          unit: 'events',
          ...(target === undefined ? {} : { target }),
        },
        settings,
      );
    } finally {
      await world.dispose();
    }
  };
}

export const MONGODB_QUIET: BenchCase = {
  name: 'mongodb-quiet',
  title: 'MongoDB, 90 % suppressed, journal written; against the bare cursor, whole documents',
  events: 1_000_000,
  run: storeCase('mongodb-quiet', 'mongodb', QUIET, { of: 'rate', least: 2 }),
};

export const MONGODB_REPORT: BenchCase = {
  name: 'mongodb-report',
  title: 'MongoDB, nothing suppressed, summary and JSON attachment; against the bare cursor, whole documents',
  events: 300_000,
  run: storeCase('mongodb-report', 'mongodb', 0, { of: 'rate', least: 0.5 }),
};

export const EMBEDDED_QUIET: BenchCase = {
  name: 'embedded-quiet',
  title: 'Embedded store, 90 % suppressed, journal written; against SELECT body and JSON.parse',
  events: 1_000_000,
  run: storeCase('embedded-quiet', 'embedded', QUIET, { of: 'rate', least: 1 }),
};

export const MONGODB_SILENT: BenchCase = {
  name: 'mongodb-silent',
  title:
    'MongoDB, everything suppressed, which is all that comes before reporting; against the bare cursor, whole documents',
  events: 300_000,
  run: storeCase('mongodb-silent', 'mongodb', 1),
};

export const EMBEDDED_SILENT: BenchCase = {
  name: 'embedded-silent',
  title:
    'Embedded store, everything suppressed, which is all that comes before reporting; against SELECT body and JSON.parse',
  events: 300_000,
  run: storeCase('embedded-silent', 'embedded', 1),
};

/** Lanes that have nothing new, in a collection that is not empty. */
export const LANES: BenchCase = {
  name: 'lanes',
  title: '10,000 groups in 4 severities, nothing new, --regular; against one find().limit(1) a lane',
  events: 100_000,
  run: async (settings) => {
    const { events, place } = settings;
    const data: Data = { events, groups: 10_000, sources: 100_000 };
    settings.say(`mongodb: making ${events} events in 10,000 groups`);
    const world = await makeWorld('mongodb', data, place);
    const day = TO - FROM;
    const lanes = { severities: SEVERITIES, groups: groupNames(data.groups), from: TO, to: TO + day };
    try {
      return await sideBySide(
        {
          name: 'lanes',
          bare: { kind: 'bareLanes', options: { uri: world.uri, ...lanes } },
          ours: regularRun(world.uri, { lanes: SEVERITIES.length * data.groups }, TO + day),
          prepare: () => world.forget(TO),
          unit: 'lanes',
          target: { of: 'time', most: 0.1 },
        },
        settings,
      );
    } finally {
      await world.dispose();
    }
  },
};
