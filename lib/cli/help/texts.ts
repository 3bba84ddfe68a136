import { INTERVALS } from '../../config/intervals.ts';

/* Texts that help and man page share, besides the options. */

export const PROGRAM = 'mentat-reporter';

export const SUMMARY = 'Reports detected security events to the groups that own their sources.';

/** What a run can do, by the name that `--command` takes. */
export const COMMANDS: readonly (readonly [name: string, about: string])[] = [
  ['report', 'makes the reports that are due for every group, stores and mails them'],
];

export const INTERVAL_NAMES = Object.keys(INTERVALS).join(', ');

export const INTERVALS_ABOUT =
  'Slots count from 1970-01-01, a Thursday, in UTC: weekly slots begin on Thursday at 00:00 UTC, so a timer for "weekly" is set to ' +
  'Thursday; on another day it would report days late. The reporter runs as often as its interval is long: under a timer of ten ' +
  'minutes, "daily" would find all later runs of the day too soon, so the shipped configuration says 10_minutes.';

export const TIMES_ABOUT =
  '2026-01-31T12:00:00Z, with an offset like +01:00 in place of Z, or seconds since 1970. Digits alone are always seconds.';

export const OPTIONS_ABOUT =
  'Option names are not abbreviated. Every option is also a key of the configuration file, with _ for -, and an environment variable ' +
  'MENTAT_REPORTER_<KEY>; conf/README.md lists all keys. A flag set in a file is unset by the variable: MENTAT_REPORTER_REGULAR=false.';

export const EXIT_CODES: readonly (readonly [code: string, about: string])[] = [
  ['0', 'everything that was asked for was done'],
  ['1', 'something failed; the last lines name it'],
  ['2', 'wrong usage'],
];

/** Calls that work as written, given the files they name. */
export const EXAMPLES: readonly (readonly [call: string, about: string])[] = [
  ['--help', 'this text'],
  ['--regular', 'the scheduled run'],
  ['--debug', 'a run now, with the origin of every setting'],
  ['--log-level debug', 'a run now, with the most detailed log'],
  ['--dry-run out', 'what a run would send and store, as files in the folder out'],
  ['--mail-test-mode --test-data --mail-to me@example.org', 'reports of test events, all of them to me'],
  [
    '--mail-test-mode --template-id default --locale cs',
    'reports in another template and language, to the administrator',
  ],
  ['--groups groups.json --events - < events.ndjson', 'replay events from stdin, remember nothing'],
  ['--action groups-import --input groups.json', 'add groups, or replace those of the same name'],
  ['--action config-view', 'every setting and its origin'],
];
