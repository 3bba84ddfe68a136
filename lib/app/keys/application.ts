import { ACTION_NAMES } from '../actions/names.ts';
import type { Key } from './key.ts';

const section = 'Application';

/** Keys that every program of the family has: where its configuration, log and input are, and how it talks. */
export const APPLICATION_KEYS = {
  name: {
    section,
    kind: 'text',
    early: true,
    default: 'mentat-reporter',
    about: 'name of this reporter: names its files',
  },
  config_file: {
    section,
    kind: 'text',
    early: true,
    otherwise: '/etc/mentat/NAME.conf, else the shipped one',
    about: 'configuration file; empty: none',
  },
  config_file_silent: {
    section,
    kind: 'flag',
    early: true,
    default: false,
    about: 'a missing configuration file counts as empty',
  },
  config_dir: {
    section,
    kind: 'text',
    early: true,
    otherwise: '/etc/mentat/core',
    about: 'folder of *.json.conf files, read before the configuration file; empty: none',
  },
  config_dir_silent: {
    section,
    kind: 'flag',
    early: true,
    default: false,
    about: 'a missing configuration folder counts as empty',
  },
  debug: {
    section,
    kind: 'flag',
    early: true,
    default: false,
    about: 'stack traces and the origin of every setting, on stderr',
  },
  quiet: {
    section,
    kind: 'flag',
    default: false,
    conflicts: 'verbosity',
    about: 'print nothing but fatal errors',
  },
  verbosity: {
    section,
    kind: 'count',
    default: 0,
    option: 'verbose',
    conflicts: 'quiet',
    about: 'also list lanes that had nothing to say',
  },
  color: {
    section,
    kind: 'choice',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    about: 'colour on the terminal; NO_COLOR is honoured',
  },
  output: {
    section,
    kind: 'choice',
    choices: ['text', 'json'],
    default: 'text',
    about: 'json: one JSON object a line on stdout, nothing else there',
  },
  log_file: {
    section,
    kind: 'text',
    otherwise: '/var/mentat/log/NAME.log',
    about: 'log as JSON lines; empty: none',
  },
  log_level: {
    section,
    kind: 'choice',
    choices: ['debug', 'info', 'warning', 'error', 'critical'],
    default: 'info',
    about: 'least level that is logged, to console and file',
  },
  action: { section, kind: 'choice', choices: ACTION_NAMES, about: 'do this instead of a run, see below' },
  input: { section, kind: 'text', otherwise: 'stdin', about: 'what an action reads' },
  limit: {
    section,
    kind: 'integer',
    minimum: 0,
    otherwise: '0, no limit',
    about: 'how many an action lists',
  },
} as const satisfies Record<string, Key>;
