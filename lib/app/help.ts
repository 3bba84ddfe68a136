import { ACTION_LINES } from './actions/names.ts';
import { INTERVALS } from './intervals.ts';
import type { Key } from './keys/key.ts';

/** One option for the help: what it does, what it takes, and what holds without it. */
export function describeOption(key: Key): string {
  const facts: string[] = [];
  if (key.kind === 'choice' || key.kind === 'choices') {
    if (key.choices.length <= 5) facts.push(key.choices.join(', '));
  }
  const otherwise = key.otherwise ?? defaultText(key);
  if (otherwise !== undefined) facts.push(`default: ${otherwise}`);
  return facts.length === 0 ? key.about : `${key.about} [${facts.join('; ')}]`;
}

function defaultText(key: Key): string | undefined {
  if (!('default' in key) || key.kind === 'flag' || key.kind === 'count') return undefined;
  return typeof key.default === 'object' ? Object.values(key.default).join(', ') : String(key.default);
}

/** Words in lines of at most 78 columns. */
function wrapped(text: string, indent = ''): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line !== indent && line.length + 1 + word.length > 78) {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line].join('\n');
}

const actionWidth = Math.max(...Object.keys(ACTION_LINES).map((name) => name.length)) + 2;

/** What follows the options. */
export const EPILOGUE = [
  'Actions:',
  ...Object.entries(ACTION_LINES).map(([name, line]) => `  ${name.padEnd(actionWidth)}${line}`),
  '',
  wrapped(
    'Intervals (slots count from 1970 in UTC; with "daily" a timer that runs every ten minutes finds all later runs of the day too soon: ' +
      'set 10_minutes then):',
  ),
  wrapped(Object.keys(INTERVALS).join(', '), '  '),
  '',
  wrapped(
    'Times: 2026-01-31T12:00:00Z, with an offset like +01:00 in place of Z, or seconds since 1970. Option names are not abbreviated. ' +
      'Every option is also a key of the configuration file, with _ for -, and an environment variable MENTAT_REPORTER_<KEY>.',
  ),
  '',
  'Exit codes: 0 everything was done, 1 something failed, 2 wrong usage.',
].join('\n');

export const EXAMPLES: readonly (readonly [string, string])[] = [
  ['$0 --regular', 'the scheduled run'],
  ['$0 --events - < events.ndjson', 'replay events, remember nothing'],
  ['$0 --dry-run out', 'what a run would send, as files'],
  ['$0 --action groups-import --input groups.json', 'add groups'],
];
