import yargs, { type Argv, type Options } from 'yargs';
import { nearestHint } from '../model/text/nearest.ts';
import { UserError } from '../model/user-error.ts';
import { SHELLS, type Shell } from './help/shells.ts';
import { PROGRAM } from './help/texts.ts';
import { isKey, KEY_NAMES, KEYS, optionOf, type KeyName } from '../config/keys/index.ts';
import { fromText } from '../config/from-text.ts';
import type { GivenOptions } from '../config/load.ts';

/*
 * The command line, made from the table of keys. It is parsed into texts only; what they have to look like is checked where every other
 * source of configuration is checked, so that a wrong value gets the same answer wherever it comes from.
 */

export interface CommandLine extends GivenOptions {
  readonly help: boolean;
  readonly version: boolean;
  /** The shell whose completion script is asked for. */
  readonly completion: Shell | undefined;
}

const FLAGS = ['help', 'version'] as const;

/** @throws UserError (usage) on unknown options, missing or superfluous values, conflicts and positional arguments */
export function parseCommandLine(args: readonly string[]): CommandLine {
  refuseFlagValues(args);
  const parsed = parser([...args]).parseSync();
  const [positional] = parsed._;
  if (positional !== undefined)
    throw usage({ what: `superfluous argument ${JSON.stringify(positional)}`, hint: 'see --help' });
  const values: Partial<Record<KeyName, unknown>> = {};
  for (const name of KEY_NAMES) {
    const option = optionOf(name);
    const given = option === undefined ? undefined : parsed[option];
    if (given !== undefined && given !== 0) values[name] = valueOf(name, given);
  }
  refuseConflicts(values);
  return {
    help: parsed['help'] === true,
    version: parsed['version'] === true,
    completion: shellOf(parsed['completion']),
    values,
    typed: typedNames(args),
  };
}

function typedNames(args: readonly string[]): Map<KeyName, string> {
  const words = args.map((arg) => /^--([^=]+)/.exec(arg)?.[1]);
  const typed = new Map<KeyName, string>();
  for (const name of KEY_NAMES) {
    const { aliases } = KEYS[name];
    if (aliases === undefined) continue;
    const last = words.findLast(
      (word) => word !== undefined && (word === optionOf(name) || aliases.includes(word)),
    );
    if (last !== undefined && last !== optionOf(name)) typed.set(name, last);
  }
  return typed;
}

function shellOf(given: unknown): Shell | undefined {
  if (given === undefined) return undefined;
  const shell = SHELLS.find((name) => name === (Array.isArray(given) ? given.at(-1) : given));
  if (shell !== undefined) return shell;
  throw usage({
    what: 'wrong value',
    where: '--completion',
    got: given,
    expected: `one of ${SHELLS.join(', ')}`,
  });
}

function parser(args: string[]): Argv {
  const built = yargs(args)
    .scriptName(PROGRAM)
    .locale('en')
    .parserConfiguration({
      'camel-case-expansion': false,
      'dot-notation': false,
      'boolean-negation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'duplicate-arguments-array': true,
      'strip-aliased': true,
    })
    .help(false)
    .version(false)
    .option('help', { type: 'boolean', alias: 'h' })
    .option('version', { type: 'boolean' })
    .option('completion', { type: 'string', requiresArg: true })
    .exitProcess(false)
    .strict()
    .fail((message: string, error: Error | undefined) => {
      throw usageError(args, message || String(error?.message));
    });
  for (const name of KEY_NAMES) {
    const option = optionOf(name);
    if (option !== undefined) built.option(option, yargsOption(name));
  }
  return built;
}

function yargsOption(name: KeyName): Options {
  const key = KEYS[name];
  const options: Options = {
    type: key.kind === 'flag' ? 'boolean' : key.kind === 'count' ? 'count' : 'string',
    ...(key.aliases === undefined ? {} : { alias: [...key.aliases] }),
    ...(key.kind === 'flag' || key.kind === 'count' ? {} : { requiresArg: true }),
  };
  return options;
}

/** Not left to the parser, for which a counter is always given. */
function refuseConflicts(values: Readonly<Partial<Record<KeyName, unknown>>>): void {
  for (const name of Object.keys(values) as KeyName[]) {
    const rival = KEYS[name].conflicts;
    if (rival !== undefined && isKey(rival) && values[rival] !== undefined) {
      throw usage({
        what: `--${optionOf(name)!} and --${optionOf(rival)!} exclude each other`,
        hint: 'see --help',
      });
    }
  }
}

/** Of an option that takes one value and is given twice, the last one counts. */
function valueOf(name: KeyName, given: unknown): unknown {
  const key = KEYS[name];
  const texts = (Array.isArray(given) ? given : [given]) as unknown[];
  if (key.kind === 'texts' || key.kind === 'choices') return texts;
  const last = texts.at(-1);
  return typeof last === 'string' ? fromText(key, last) : last;
}

/** Flags only switch on: `--regular=false` and `--regular true` would pass the parser with a meaning nobody documented. */
function refuseFlagValues(args: readonly string[]): void {
  const flags = new Set<string>([
    ...FLAGS,
    ...KEY_NAMES.filter((n) => ['flag', 'count'].includes(KEYS[n].kind)).flatMap((n) => optionOf(n) ?? []),
  ]);
  for (const [i, arg] of args.entries()) {
    const [, option, value] = /^--([^=]+)(=.*)?$/s.exec(arg) ?? [];
    if (option === undefined || !flags.has(option)) continue;
    if (value !== undefined) throw usage({ what: `--${option} takes no value`, got: value.slice(1) });
    const next = args[i + 1];
    if (next === 'true' || next === 'false') throw usage({ what: `--${option} takes no value`, got: next });
  }
}

function usageError(args: readonly string[], message: string): UserError {
  const options = [
    ...FLAGS,
    'completion',
    ...KEY_NAMES.flatMap((name) => [optionOf(name) ?? [], [...(KEYS[name].aliases ?? [])]].flat()),
  ];
  for (const arg of args) {
    const option = /^--([^=]+)/.exec(arg)?.[1];
    if (option !== undefined && !options.includes(option)) {
      return usage({
        what: `unknown option --${option}`,
        hint: nearestHint(
          `--${option}`,
          options.map((o) => `--${o}`),
          'see --help',
        ),
      });
    }
  }
  const valueless = /^Not enough arguments following: (\S+)/.exec(message)?.[1];
  if (valueless !== undefined) return usage({ what: `--${valueless} needs a value`, hint: 'see --help' });
  return usage({ what: message.replace(/\s*\n\s*/g, ' ').trim(), hint: 'see --help' });
}

function usage(problem: UserError['problem']): UserError {
  return new UserError(problem, { usage: true });
}
