import { INTERVALS } from '../../config/intervals.ts';

/* What help and manual say beside the options. */

export const PROGRAM = 'mentat-reporter';

export const SUMMARY = 'Reports detected security events to the groups that own their sources.';

/** What a run can do, by the name that `--command` takes. */
export const COMMANDS: readonly (readonly [name: string, about: string])[] = [
  ['report', 'works out what every group has to be told, stores it and mails it'],
];

export const INTERVAL_NAMES = Object.keys(INTERVALS).join(', ');

export const INTERVALS_ABOUT =
  'Slots count from 1970 in UTC. The reporter runs as often as its interval is long: under a timer of ten minutes, "daily" would find ' +
  'all later runs of the day too soon, so the shipped configuration says 10_minutes.';

export const TIMES_ABOUT =
  '2026-01-31T12:00:00Z, with an offset like +01:00 in place of Z, or seconds since 1970. Digits alone are always seconds.';

export const OPTIONS_ABOUT =
  'Option names are not abbreviated. Every option is also a key of the configuration file, with _ for -, and an environment variable ' +
  'MENTAT_REPORTER_<KEY>; conf/README.md tells all keys. A flag set in a file is unset by the variable: MENTAT_REPORTER_REGULAR=false.';

export const EXIT_CODES: readonly (readonly [code: string, about: string])[] = [
  ['0', 'everything that was asked for was done'],
  ['1', 'something failed; what, say the last lines'],
  ['2', 'wrong usage'],
];

/** Calls that work as they stand, given the files they name. */
export const EXAMPLES: readonly (readonly [call: string, about: string])[] = [
  ['--help', 'this text'],
  ['--regular', 'the scheduled run'],
  ['--debug', 'a run now, which says where every setting comes from'],
  ['--log-level debug', 'a run now, with all that there is to log'],
  ['--dry-run out', 'what a run would send and store, as files in the folder out'],
  ['--mail-test-mode --test-data --mail-to me@example.org', 'reports of test events, all of them to me'],
  [
    '--mail-test-mode --template-id default --locale cs',
    'reports in another template and language, to the administrator',
  ],
  ['--groups groups.json --events - < events.ndjson', 'replay events from stdin, remember nothing'],
  ['--action groups-import --input groups.json', 'add groups, or replace those of the same name'],
  ['--action config-view', 'every setting, and where it comes from'],
];
