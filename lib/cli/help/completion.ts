import { KEY_NAMES, KEYS, optionOf } from '../../config/keys/index.ts';
import { SECTIONS } from '../../config/keys/key.ts';
import { entriesOf, type OptionEntry } from './entries.ts';
import type { Shell } from './shells.ts';
import { PROGRAM } from './texts.ts';

/*
 * Scripts that complete the command line in a shell. They hold all options and values themselves: a shell that had to start the program
 * for every press of a key would keep people waiting.
 */

export function completionScript(shell: Shell): string {
  return shell === 'bash' ? bashScript() : zshScript();
}

const entries = (): OptionEntry[] => SECTIONS.flatMap(entriesOf);

/** Where a shell finds what stands for a value, by what the help calls it. */
const SOURCES: Readonly<Record<string, { readonly bash: string; readonly zsh: string }>> = {
  PATH: { bash: '-f', zsh: '_files' },
  'FILE|-': { bash: '-f', zsh: '_files' },
  DIR: { bash: '-d', zsh: '_files -/' },
  'NAME|UID': { bash: '-u', zsh: '_users' },
  'NAME|GID': { bash: '-g', zsh: '_groups' },
};

function bashScript(): string {
  const cases = entries()
    .filter(({ takes }) => takes !== undefined)
    .map(({ switches, takes, choices }) => {
      const source = choices === undefined ? SOURCES[takes!]?.bash : wordList(choices);
      return `    ${switches.join('|')}) ${source === undefined ? '' : `_${FUNCTION}_reply ${source} `};;`;
    });
  const words = entries().flatMap(({ switches }) => switches);
  return `# Completion of ${PROGRAM} for bash: eval "$(${PROGRAM} --completion bash)"
_${FUNCTION}_reply() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$@" -- "$current"))
}
_${FUNCTION}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}"
  # The shell takes --option=value for three words.
  if [[ $current == = ]]; then current=
  elif [[ $before == = ]]; then before="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  COMPREPLY=()
  case $before in
${cases.join('\n')}
    *) _${FUNCTION}_reply ${wordList(words)} ;;
  esac
}
complete -o filenames -F _${FUNCTION} ${PROGRAM}
`;
}

function wordList(words: readonly string[]): string {
  return `-W $'${words.join('\\n')}'`;
}

const FUNCTION = PROGRAM.replaceAll('-', '_');

function zshScript(): string {
  const specs = entries().flatMap((entry) => entry.switches.map((word) => zshSpec(word, entry)));
  return `#compdef ${PROGRAM}
# Completion of ${PROGRAM} for zsh: eval "$(${PROGRAM} --completion zsh)", or a file _${PROGRAM} in a folder of fpath.
_${FUNCTION}() {
  _arguments \\
${specs.map((spec) => `    '${spec.replaceAll("'", "'\\''")}'`).join(' \\\n')}
}
if [[ "\${funcstack[1]}" == "_${PROGRAM}" ]]; then _${FUNCTION} "$@"; else compdef _${FUNCTION} ${PROGRAM}; fi
`;
}

/** One option as "_arguments" wants it: what it rules out, the option, what it does, what its value is called and comes from. */
function zshSpec(word: string, { switches, about, takes, choices }: OptionEntry): string {
  const others = [...switches.filter((other) => other !== word), ...(RIVALS.get(word) ?? [])];
  const excluded = REPEATABLE.has(word) ? (RIVALS.get(word) ?? []) : others;
  const head = `${excluded.length === 0 ? '' : `(${excluded.join(' ')})`}${REPEATABLE.has(word) ? '*' : ''}${word}${
    takes === undefined ? '' : '='
  }[${zshText(about)}]`;
  if (takes === undefined) return head;
  const source = choices === undefined ? (SOURCES[takes]?.zsh ?? '') : `(${choices.join(' ')})`;
  return `${head}:${zshText(takes)}:${source}`;
}

function zshText(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}

const REPEATABLE: ReadonlySet<string> = new Set(
  KEY_NAMES.filter((name) => ['texts', 'choices', 'count'].includes(KEYS[name].kind)).map(
    (name) => `--${optionOf(name) ?? name}`,
  ),
);

const RIVALS: ReadonlyMap<string, readonly string[]> = new Map(
  KEY_NAMES.flatMap((name) => {
    const rival = KEY_NAMES.find((other) => other === KEYS[name].conflicts);
    return rival === undefined ? [] : [[`--${optionOf(name)}`, [`--${optionOf(rival)}`]] as const];
  }),
);
