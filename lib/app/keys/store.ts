import { SEVERITIES } from '../../model/severity.ts';
import type { Key } from './key.ts';

const section = 'Common fetcher options';
const ours = 'Further options';

/** Keys that say where events, groups and the reporter's memory lie. */
export const STORE_KEYS = {
  db_host: {
    section,
    kind: 'text',
    takes: 'HOST',
    default: 'localhost',
    example: 'db1.example.org',
    about: 'MongoDB, when no store is given: its host',
  },
  db_port: {
    section,
    kind: 'integer',
    minimum: 1,
    maximum: 65_535,
    default: 27017,
    example: 27018,
    about: 'MongoDB, when no store is given: its port',
  },
  db_timeout: {
    section,
    kind: 'integer',
    takes: 'MS',
    minimum: 0,
    default: 3_600_000,
    example: 60_000,
    about: 'MongoDB: milliseconds that an answer may take',
  },
  database: {
    section,
    kind: 'text',
    takes: 'NAME',
    otherwise: 'what the store names, else mentat',
    example: 'mentat',
    about: 'MongoDB: database of the events',
  },
  collection: {
    section,
    kind: 'text',
    takes: 'NAME',
    default: 'alerts',
    example: 'events',
    about: 'MongoDB: collection of the events',
  },
  reporter_database: {
    section,
    kind: 'text',
    option: null,
    otherwise: 'the database of the events',
    example: 'mentat_reporter',
    about: 'MongoDB: database of what the reporter keeps',
  },
  store: {
    section: ours,
    kind: 'text',
    takes: 'URI',
    otherwise: 'sqlite:/var/mentat/run/NAME.db, or MongoDB when a --db option is given',
    example: 'mongodb://db1,db2/mentat?replicaSet=rs0',
    about: 'sqlite:PATH, mongodb://… or mongodb+srv://…: events, groups and everything that is remembered',
  },
  events: {
    section: ours,
    kind: 'text',
    takes: 'FILE|-',
    conflicts: 'regular',
    example: 'events.ndjson',
    about: 'replay: events come from this file of JSON lines, or stdin, instead of the store',
  },
  groups: {
    section: ours,
    kind: 'text',
    takes: 'PATH',
    example: '/etc/mentat/groups',
    about: "groups come from this file, or folder of *.json, instead of the store's",
  },
  default_severity: {
    section: ours,
    kind: 'choice',
    takes: 'SEVERITY',
    choices: SEVERITIES,
    example: 'low',
    about: 'replay: severity of events that have none',
  },
  events_index: {
    section: ours,
    kind: 'flag',
    default: false,
    example: true,
    about: 'store-init: also the index on the collection of the events',
  },
} as const satisfies Record<string, Key>;
