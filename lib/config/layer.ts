import type { ValidateFunction } from 'ajv';
import { nearestHint } from '../model/text/nearest.ts';
import { compileSchema, schemaProblems } from '../model/schema-problems.ts';
import { toObject } from '../model/event/object-view.ts';
import { describeProblem, type Problem } from '../model/user-error.ts';
import { isKey, KEY_NAMES, KEYS, optionOf, type KeyName } from './keys/index.ts';
import { isList, listed, schemaOf } from './values.ts';

/** Sources of configuration, the weakest first. */
export type Origin = 'default' | 'directory' | 'file' | 'environment' | 'command line';

/** What one source says, checked. */
export interface Layer {
  readonly origin: Origin;
  /** The file, the environment or the command line, for messages. */
  readonly where: string;
  readonly values: Readonly<Partial<Record<KeyName, unknown>>>;
  /** Keys of other programs and unknown keys, unchanged. */
  readonly others: Readonly<Record<string, unknown>>;
  /** Of the command line: options that were typed under another of their names. */
  readonly typed?: ReadonlyMap<KeyName, string> | undefined;
}

export interface CheckedLayer {
  readonly layer: Layer;
  readonly problems: readonly Problem[];
  /** What a person should know although it is no error: keys that mean nothing. */
  readonly notes: readonly string[];
  /** The same of files that other programs read, too, whose keys are no business of ours. */
  readonly asides: readonly string[];
}

const checks = new Map<KeyName, ValidateFunction>();

/** The check of a key, made when it is needed first: most runs set a handful of keys. */
function checkOf(name: KeyName): ValidateFunction {
  let check = checks.get(name);
  if (check === undefined) {
    check = compileSchema(schemaOf(KEYS[name]));
    checks.set(name, check);
  }
  return check;
}

/** Checks every value of a source by itself. `null` counts as not given; keys of other programs (`__core…`) are passed over. */
export function checkLayer(
  origin: Origin,
  where: string,
  given: Readonly<Record<string, unknown>>,
  typed?: ReadonlyMap<KeyName, string>,
): CheckedLayer {
  const values: Partial<Record<KeyName, unknown>> = {};
  const problems: Problem[] = [];
  const [notes, asides]: [string[], string[]] = [[], []];
  // What other programs read, too, may well be theirs.
  const note = (problem: Problem): unknown =>
    (origin === 'directory' ? asides : notes).push(describeProblem(problem));
  const block = blockOf(given, where);
  problems.push(...block.problems);
  for (const unknown of block.unknown) note(unknown);
  for (const [name, written] of Object.entries({ ...block.values, ...given })) {
    if (written === null || name.startsWith('__') || UNUSED.has(name)) continue;
    if (!isKey(name)) note(unknownKey(name, where, KEY_NAMES));
    else if (KEYS[name].early === true && (origin === 'file' || origin === 'directory')) {
      const what = `${name} has no effect in a configuration file`;
      note({ what, where, hint: 'give it on the command line' });
    } else {
      const value = listed(KEYS[name], written);
      const place = placeOf({ origin, where, typed }, name);
      const wrong = schemaProblems(checkOf(name), value, place);
      const found =
        wrong.length > 0
          ? wrong
          : name === 'input'
            ? []
            : controlProblems(written, place, KEYS[name].kind === 'object');
      if (found.length === 0) values[name] = value;
      // Only who wrote a list counts its members: an option is given once or several times, and the value shows which one is meant.
      else if (isList(KEYS[name]) && (isAsked(origin) || value !== written))
        problems.push(...found.map((problem) => ({ ...problem, where: place })));
      else problems.push(...found);
    }
  }
  const others = Object.entries(given).filter(([name, written]) => !isKey(name) && written !== null);
  return {
    layer: { origin, where, values, others: Object.fromEntries(others), typed },
    problems,
    notes,
    asides,
  };
}

/**
 * Control characters in texts, such as the carriage return of an environment file with Windows line ends. Nothing of the text is shown: it
 * may be a password.
 * @param texts true where the value holds texts for mails, which may have lines and tabs
 */
function controlProblems(value: unknown, where: string, texts: boolean): Problem[] {
  const found = (texts ? /[\u0000-\u0008\u000b-\u001f\u007f]/ : /[\u0000-\u001f\u007f]/).exec(textOf(value));
  if (found === null) return [];
  const code = found[0].codePointAt(0)!.toString(16).padStart(4, '0');
  const escape = { '000d': '\\r', '000a': '\\n', '0009': '\\t' }[code] ?? `\\u${code}`;
  return [{ what: `control character ${escape} in the value`, where, hint: 'remove it' }];
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? Object.values(value).map(textOf).join('') : '';
}

/** True where values are texts, of which lists are made by separators and repetition. */
function isAsked(origin: Origin): boolean {
  return origin === 'command line' || origin === 'environment';
}

/** Keys of the reference that programs which end by themselves have no use for. */
const UNUSED: ReadonlySet<string> = new Set(['pid_file']);

function unknownKey(name: string, where: string, known: readonly string[]): Problem {
  const what = `unknown key ${JSON.stringify(name)} is ignored`;
  return { what, where, hint: nearestHint(name, known, 'see --help') };
}

/** Where the value of a key was given, for messages: the option as typed, the variable, or the key in its file. */
export function placeOf(
  { origin, where, typed }: Pick<Layer, 'origin' | 'where' | 'typed'>,
  name: KeyName,
): string {
  if (origin === 'command line') return `--${typed?.get(name) ?? optionOf(name) ?? name}`;
  return origin === 'environment' ? variableOf(name) : `${where}: ${name}`;
}

/** The environment variable of a key. */
export function variableOf(name: KeyName): string {
  return `MENTAT_REPORTER_${name.toUpperCase()}`;
}

/** The reference keeps these keys in a block of their own. */
const BLOCK = '__core__reporter';
const BLOCK_KEYS: readonly KeyName[] = ['reports_dir', 'templates_dir', 'event_classes_dir', 'template_vars'];

function blockOf(
  given: Readonly<Record<string, unknown>>,
  where: string,
): { values: Readonly<Record<string, unknown>>; unknown: readonly Problem[]; problems: readonly Problem[] } {
  const written = given[BLOCK] ?? {};
  const place = `${where}: ${BLOCK}`;
  const block = toObject(written);
  if (block === undefined) {
    const problem = { what: 'wrong value', where: place, got: written, expected: 'an object' };
    return { values: {}, unknown: [], problems: [problem] };
  }
  const known = (name: string): boolean => BLOCK_KEYS.some((key) => key === name);
  const names = Object.keys(block);
  return {
    values: Object.fromEntries(names.filter(known).map((name) => [name, block[name]])),
    unknown: names.filter((name) => !known(name)).map((name) => unknownKey(name, place, BLOCK_KEYS)),
    problems: [],
  };
}
