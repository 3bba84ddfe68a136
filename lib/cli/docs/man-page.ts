import { ACTION_LINES } from '../../config/keys/action-names.ts';
import { entriesOf, type OptionEntry } from '../help/entries.ts';
import {
  COMMANDS,
  EXAMPLES,
  EXIT_CODES,
  INTERVAL_NAMES,
  INTERVALS_ABOUT,
  OPTIONS_ABOUT,
  PROGRAM,
  SUMMARY,
  TIMES_ABOUT,
} from '../help/texts.ts';
import { KEY_NAMES, KEYS, optionOf } from '../../config/keys/index.ts';
import { SECTIONS } from '../../config/keys/key.ts';

/** The manual page, section 1, made from the same table as the help. */
export function manPage(): string {
  return [
    '.\\" Made by `npm run docs` from the table of keys: change that.',
    `.TH ${roff(PROGRAM.toUpperCase())} 1 "" "${PROGRAM}" "User Commands"`,
    // Names of options and keys are neither broken nor spread.
    '.nh',
    '.ad l',
    ...section('NAME'),
    `${roff(PROGRAM)} \\- report detected security events to the groups that own their sources`,
    ...section('SYNOPSIS'),
    `.B ${roff(PROGRAM)}`,
    '.RI [ options ]',
    ...section('DESCRIPTION'),
    roff(DESCRIPTION),
    ...section('OPTIONS'),
    ...SECTIONS.flatMap((name) => [`.SS ${roff(name)}`, ...entriesOf(name).flatMap(optionLines)]),
    ...section('ACTIONS'),
    ...Object.entries(ACTION_LINES).flatMap(([name, about]) => item(bold(name), about)),
    ...section('COMMANDS'),
    ...COMMANDS.flatMap(([name, about]) => item(bold(name), about)),
    ...section('INTERVALS'),
    roff(`${INTERVAL_NAMES}.`),
    '.PP',
    roff(INTERVALS_ABOUT),
    ...section('TIMES'),
    roff(TIMES_ABOUT),
    ...section('CONFIGURATION'),
    roff(OPTIONS_ABOUT),
    '.PP',
    'These keys have no option:',
    ...KEY_NAMES.filter((name) => optionOf(name) === undefined).flatMap((name) =>
      item(bold(name), withDefault(KEYS[name].about, KEYS[name].otherwise ?? defaultOf(name))),
    ),
    ...section('ENVIRONMENT'),
    ...ENVIRONMENT.flatMap(([name, about]) => item(bold(name), about)),
    ...section('FILES'),
    ...FILES.flatMap(([name, about]) => item(italic(name), about)),
    ...section('EXIT STATUS'),
    ...EXIT_CODES.flatMap(([code, about]) => item(bold(code), about)),
    ...section('EXAMPLES'),
    ...EXAMPLES.flatMap(([call, about]) => item(bold(`${PROGRAM} ${call}`), about)),
    '',
  ].join('\n');
}

const DESCRIPTION = `${SUMMARY} It reads events from a store, collects for each group what is to be reported, suppresses what was reported already, stores a report and mails it. A timer starts it, and it ends when it is done.`;

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  [
    'MENTAT_REPORTER_<KEY>',
    'the value of a key, stronger than configuration files and weaker than the command line',
  ],
  ['APP_ROOT_PATH', 'prefix of every built-in path'],
  ['NO_COLOR', 'set to anything: no colours, unless --color is given'],
  [
    'TMPDIR',
    'folder of scratch files, which take up to four times the size of what is reported at a time (in a replay: all of it); default: /var/tmp',
  ],
];

const FILES: readonly (readonly [string, string])[] = [
  [
    '/etc/mentat/mentat-reporter.conf',
    'configuration; without it the shipped one is used, and files are kept below ./var',
  ],
  ['/etc/mentat/core/*.json.conf', 'configuration, read before it'],
  ['/var/mentat/log/mentat-reporter.log', 'log, JSON lines'],
  ['/var/mentat/run/', 'embedded store, lock, state file and runlogs'],
  ['/var/mentat/reports/', 'report files'],
  ['/var/mentat/spool/', 'mails, where no mail server is configured'],
];

function section(name: string): string[] {
  return [`.SH ${name}`];
}

function optionLines({ switches, takes, about, choices, otherwise }: OptionEntry): string[] {
  const value = takes === undefined ? '' : ` ${italic(takes)}`;
  const only = choices === undefined ? about : `${about}; one of ${choices.join(', ')}`;
  return item(`${switches.map(bold).join(', ')}${value}`, withDefault(only, otherwise));
}

function defaultOf(name: (typeof KEY_NAMES)[number]): string | undefined {
  const key = KEYS[name];
  return 'default' in key ? JSON.stringify(key.default) : undefined;
}

function withDefault(about: string, otherwise: string | undefined): string {
  return otherwise === undefined ? about : `${about} (default: ${otherwise})`;
}

function item(term: string, about: string): string[] {
  return ['.TP', term, roff(about)];
}

function bold(text: string): string {
  return `\\fB${roff(text)}\\fR`;
}

function italic(text: string): string {
  return `\\fI${roff(text)}\\fR`;
}

/** Text that means itself: no line of it is taken for a request, no hyphen for a dash, no quotation mark for a ligature. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('…', '...')
    .replace(/^\./gm, '\\&.');
}
