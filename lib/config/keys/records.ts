import type { Key } from './key.ts';

const section = 'Common application options';
const further = 'Further options';

/** Keys that say what a run leaves behind for people and for monitoring: runlog, state file, metrics. */
export const RECORD_KEYS = {
  runlog_dir: {
    section,
    kind: 'text',
    takes: 'PATH',
    example: '/var/log/mentat-runs',
    otherwise: 'NAME in the run directory',
    about: 'folder of runlogs, a JSON file a run; made when missing; empty: none',
  },
  runlog_keep: {
    section: further,
    kind: 'integer',
    example: 5000,
    minimum: 0,
    default: 1000,
    option: null,
    about: 'how many runlogs are kept, the newest ones; 0: all',
  },
  runlog_dump: { section, kind: 'flag', default: false, example: true, about: 'print the runlog at the end' },
  runlog_log: { section, kind: 'flag', default: false, example: true, about: 'log the runlog at the end' },
  pstate_file: {
    section,
    kind: 'text',
    takes: 'PATH',
    example: '/var/lib/mentat/reporter.pstate',
    otherwise: 'NAME.pstate in the run directory, with --shard NAME-I-of-N.pstate',
    about:
      "copy of the lanes' state for people, written by --regular; read for lanes that the store does not know. A path of your own is taken as it is: give every shard another one. Empty: none",
  },
  pstate_dump: { section, kind: 'flag', default: false, example: true, about: 'print the state at the end' },
  pstate_log: { section, kind: 'flag', default: false, example: true, about: 'log the state at the end' },
  metrics_file: {
    section: further,
    kind: 'text',
    takes: 'FILE',
    example: '/var/lib/prometheus/node-exporter/mentat-reporter.prom',
    about:
      "Prometheus text file for the node exporter's textfile collector, its name ending with .prom; written at the end of every --regular run, also of a failed one",
  },
} as const satisfies Record<string, Key>;
