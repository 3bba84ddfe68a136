import { SEVERITIES } from '../../model/severity.ts';
import { MAX_WINDOW } from '../../model/timing.ts';
import { INTERVALS } from '../intervals.ts';
import type { Key } from './key.ts';

const section = 'Run';

/** Keys that say which lanes a run works and up to when. */
export const RUN_KEYS = {
  regular: {
    section,
    kind: 'flag',
    default: false,
    conflicts: 'shell',
    about: 'the scheduled run: floors to the interval, honours periods and thresholds, remembers',
  },
  shell: {
    section,
    kind: 'flag',
    default: false,
    conflicts: 'regular',
    about: 'a run by hand: writes no log file',
  },
  interval: {
    section,
    kind: 'choice',
    choices: Object.keys(INTERVALS),
    default: 'daily',
    about: 'slot that --regular floors to; must not be longer than the time between two runs (see below)',
  },
  adjust_thresholds: {
    section,
    kind: 'flag',
    default: false,
    about: 'floor to the interval outside --regular, too',
  },
  time_high: {
    section,
    kind: 'time',
    otherwise: 'now',
    about: 'upper bound of the window',
  },
  time_low: {
    section,
    kind: 'time',
    about: 'lower bound for lanes without a state, and of a replay',
  },
  settle: {
    section,
    kind: 'integer',
    minimum: 0,
    default: 0,
    option: null,
    about:
      'seconds the clock is set back when time_high is not given, so that events stored late are not lost',
  },
  max_window: {
    section,
    kind: 'integer',
    minimum: 1,
    default: MAX_WINDOW,
    option: null,
    about: 'seconds that a lane looks back at most',
  },
  severity: {
    section,
    kind: 'choices',
    choices: SEVERITIES,
    otherwise: 'all',
    about: 'only lanes of this severity; repeatable',
  },
  abuse_group: {
    section,
    kind: 'texts',
    otherwise: 'all',
    about: 'only lanes of this group; repeatable',
  },
  shard: {
    section,
    kind: 'text',
    about: 'only groups whose name hashes to I of N, 0-based: N processes share the work; written I/N',
  },
  test_data: {
    section,
    kind: 'flag',
    default: false,
    about: 'only events of category Test, which are left out otherwise',
  },
  dry_run: {
    section,
    kind: 'text',
    about: 'the whole run, but nothing is written except its mails and reports, into DIR',
  },
  lock_file: {
    section,
    kind: 'text',
    option: null,
    otherwise: 'NAME.lock in the run directory',
    about: 'lock that keeps two regular runs from wasting work',
  },
  lock_timeout: {
    section,
    kind: 'integer',
    minimum: 0,
    default: 5,
    option: null,
    about: 'seconds a regular run waits for the lock',
  },
} as const satisfies Record<string, Key>;
