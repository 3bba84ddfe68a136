import { SEVERITIES } from '../../model/severity.ts';
import type { Key } from './key.ts';

const section = 'Store, events and groups';

/** Keys that say where events, groups and the reporter's memory lie. */
export const STORE_KEYS = {
  store: {
    section,
    kind: 'text',
    otherwise: 'sqlite:/var/mentat/run/NAME.db',
    about: 'sqlite:PATH: events, groups and everything that is remembered',
  },
  events: {
    section,
    kind: 'text',
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
