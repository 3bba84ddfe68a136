import { KEY_NAMES, KEYS, optionOf, type KeyName } from '../../config/keys/index.ts';
import type { Key, SECTIONS } from '../../config/keys/key.ts';
import { SHELLS } from './shells.ts';

/** One option, as help, man page and completion describe it. */
export interface OptionEntry {
  readonly section: (typeof SECTIONS)[number];
  /** With their dashes, the usual one last but for aliases: `-h`, `--help`. */
  readonly switches: readonly string[];
  /** What it calls its value; undefined for a flag. */
  readonly takes: string | undefined;
  readonly about: string;
  /** Values it takes, when there are only these. */
  readonly choices: readonly string[] | undefined;
  /** The default in words; undefined when it needs no mention. */
  readonly otherwise: string | undefined;
}

/** Options that only the command line knows. */
const WITHOUT_KEY: readonly OptionEntry[] = [
  own('Common application options', ['-h', '--help'], undefined, 'this text'),
  own('Further options', ['--version'], undefined, 'name and version'),
  own('Further options', ['--completion'], 'SHELL', 'print the completion script of a shell', SHELLS),
];

function own(
  section: OptionEntry['section'],
  switches: readonly string[],
  takes: string | undefined,
  about: string,
  choices?: readonly string[],
): OptionEntry {
  return { section, switches, takes, about, choices, otherwise: undefined };
}

/** Every option of a section, in the order of the help. */
export function entriesOf(section: OptionEntry['section']): OptionEntry[] {
  const keyed = KEY_NAMES.filter((name) => KEYS[name].section === section).flatMap(
    (name) => entryOf(name) ?? [],
  );
  const others = WITHOUT_KEY.filter((entry) => entry.section === section);
  return section === 'Further options' ? [...keyed, ...others] : [...others, ...keyed];
}

function entryOf(name: KeyName): OptionEntry | undefined {
  const option = optionOf(name);
  if (option === undefined) return undefined;
  const key = KEYS[name];
  return {
    section: key.section,
    switches: [option, ...(key.aliases ?? [])].map((word) => `--${word}`),
    takes: takesOf(key),
    about: key.about,
    choices: choicesOf(key),
    otherwise: key.otherwise ?? defaultText(key),
  };
}

/** What a value of the key is called; undefined for a flag, which has none. */
export function takesOf(key: Key): string | undefined {
  if (key.takes !== undefined) return key.takes;
  switch (key.kind) {
    case 'flag':
    case 'count':
      return undefined;
    case 'integer':
      return 'N';
    case 'time':
      return 'TIME';
    case 'zone':
      return 'ZONE';
    case 'choice':
    case 'choices':
    case 'name':
    case 'account':
      return 'NAME';
    case 'object':
      return 'JSON';
    case 'text':
    case 'texts':
      return 'TEXT';
  }
}

export function choicesOf(key: Key): readonly string[] | undefined {
  return key.kind === 'choice' || key.kind === 'choices' ? key.choices : undefined;
}

function defaultText(key: Key): string | undefined {
  if (!('default' in key) || key.kind === 'flag' || key.kind === 'count' || key.kind === 'object')
    return undefined;
  return typeof key.default === 'object' ? key.default.join(', ') : String(key.default);
}
