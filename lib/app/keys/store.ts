import { SEVERITIES } from '../../model/severity.ts';
import type { Key } from './key.ts';

const section = 'Store, events and groups';

/** Keys that say where events, groups and the reporter's memory lie. */
export const STORE_KEYS = {
  store: {
    section,
    kind: 'text',
    otherwise: 'sqlite:/var/mentat/run/NAME.db',
    about: 'sqlite:PATH, mongodb://… or mongodb+srv://…: events, groups and everything that is remembered',
  },
  db_host: {
    section,
    kind: 'text',
    default: 'localhost',
    about: 'MongoDB, when no store is given: its host',
  },
  db_port: {
    section,
    kind: 'integer',
    minimum: 1,
    default: 27017,
    about: 'MongoDB, when no store is given: its port',
  },
  db_timeout: {
    section,
    kind: 'integer',
    minimum: 0,
    default: 3_600_000,
    about: 'MongoDB: milliseconds that an answer may take',
  },
  database: {
    section,
    kind: 'text',
    otherwise: 'what the store names, else mentat',
    about: 'MongoDB: database of the events',
  },
  collection: {
    section,
    kind: 'text',
    default: 'alerts',
    about: 'MongoDB: collection of the events',
  },
  reporter_database: {
    section,
    kind: 'text',
    option: null,
    otherwise: 'the database of the events',
    about: 'MongoDB: database of what the reporter keeps',
  },
  events_index: {
    section,
    kind: 'flag',
    default: false,
    about: 'store-init: also the index on the collection of the events',
  },
  events: {
    section,
    kind: 'text',
    conflicts: 'regular',
    about: 'replay: events come from this file of JSON lines, or stdin, instead of the store',
  },
  default_severity: {
    section,
    kind: 'choice',
    choices: SEVERITIES,
    about: 'replay: severity of events that have none',
  },
  groups: {
    section,
    kind: 'text',
    about: "groups come from this file, or folder of *.json, instead of the store's",
  },
} as const satisfies Record<string, Key>;
