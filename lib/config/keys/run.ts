import { SEVERITIES } from '../../model/severity.ts';
import { MAX_WINDOW } from '../../model/timing.ts';
import { INTERVALS } from '../intervals.ts';
import { NOT_EMPTY, type Key } from './key.ts';

const section = 'Common script options';
const ours = 'Further options';

/** Keys that select the lanes of a run and its window. */
export const RUN_KEYS = {
  regular: {
    section,
    kind: 'flag',
    default: false,
    example: true,
    conflicts: 'shell',
    about:
      'the scheduled run: floors to the interval, honours periods and thresholds, remembers, prints warnings only',
  },
  shell: {
    section,
    kind: 'flag',
    default: false,
    example: true,
    conflicts: 'regular',
    about: 'a run by hand: writes no log file, no runlog and no state',
  },
  command: {
    section,
    kind: 'choice',
    choices: ['report'],
    default: 'report',
    example: 'report',
    about: 'what a run does; there is this one command',
  },
  interval: {
    section,
    kind: 'choice',
    choices: Object.keys(INTERVALS),
    default: 'daily',
    example: '10_minutes',
    about:
      'slot that --regular floors to, no longer than the time between two runs; weekly slots begin on Thursday, 00:00 UTC',
  },
  adjust_thresholds: {
    section,
    kind: 'flag',
    default: false,
    example: true,
    about: 'floor to the interval outside --regular, too',
  },
  time_high: {
    section,
    kind: 'time',
    otherwise: 'now',
    example: '2026-01-31T12:00:00Z',
    about: 'upper bound of the window',
  },
  time_low: {
    section: ours,
    kind: 'time',
    example: '2026-01-30T12:00:00Z',
    about: 'lower bound for lanes without a state, and of a replay',
  },
  severity: {
    section: ours,
    kind: 'choices',
    choices: SEVERITIES,
    otherwise: 'all',
    example: ['high', 'critical'],
    about: 'only lanes of this severity; repeatable',
  },
  abuse_group: {
    section: ours,
    kind: 'texts',
    takes: 'NAME',
    otherwise: 'all',
    example: ['abuse@example.org'],
    about: 'only lanes of this group; repeatable',
  },
  dry_run: {
    section: ours,
    kind: 'text',
    ...NOT_EMPTY,
    takes: 'DIR',
    example: 'out',
    about: 'the whole run, but nothing is written except its mails and reports, into this folder',
  },
  shard: {
    section: ours,
    kind: 'text',
    pattern: '^\\d{1,6}/\\d{1,6}$',
    expected: 'I/N with I from 0 to N - 1, for example 0/4',
    takes: 'I/N',
    example: '0/4',
    about: 'only groups whose name hashes to I of N, counted from 0: N processes share the work',
  },
  settle: {
    section,
    kind: 'integer',
    minimum: 0,
    default: 0,
    example: 60,
    option: null,
    about:
      'seconds the clock is set back when time_high is not given, so that events stored late are not lost',
  },
  max_window: {
    section,
    kind: 'integer',
    minimum: 1,
    default: MAX_WINDOW,
    example: 604_800,
    option: null,
    about: 'seconds that a lane looks back at most',
  },
  lock_file: {
    section,
    kind: 'text',
    ...NOT_EMPTY,
    option: null,
    otherwise: 'NAME.lock in the run directory',
    example: '/run/mentat-reporter.lock',
    about: 'lock that keeps two regular runs from doing the same work',
  },
  lock_timeout: {
    section,
    kind: 'integer',
    minimum: 0,
    default: 5,
    example: 30,
    option: null,
    about: 'seconds a regular run waits for the lock',
  },
} as const satisfies Record<string, Key>;
